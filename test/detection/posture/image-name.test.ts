import { expect } from 'chai';
import { imageName, isDebugImage, isUnversioned, isWholeSystem } from '../../../src/detection/posture/image-name.ts';

describe('detection/posture/image-name', () => {
  const digest = `sha256:${'0'.repeat(64)}`;

  it('tells a port from a tag, and a tag from a digest', () => {
    expect(imageName('registry.example.com:5000/team/web')).to.deep.equal({
      repository: 'registry.example.com:5000/team/web',
      tag: undefined,
      digest: undefined,
    });
    expect(imageName(`web:1.4@${digest}`)).to.deep.equal({ repository: 'web', tag: '1.4', digest });
  });

  it('asks for a tag that is not latest, or a digest', () => {
    const wrong = ['web', 'web:latest', 'registry.example.com:5000/web', 'web-[MASKED:github-token]'];
    const right = ['web:1', `web@${digest}`, `web:latest@${digest}`, 'registry.example.com:5000/web:latest-2'];
    expect([...wrong, ...right].filter((name) => isUnversioned(imageName(name)))).to.deep.equal(wrong);
  });

  it('knows distributions, and languages on them, by name', () => {
    const wrong = ['ubuntu:24.04', 'docker.io/library/debian:12', 'python:3.12', 'registry.example.com/base/node:22'];
    const right = ['debian:12-slim', 'python:3.12-alpine', 'gcr.io/distroless/python3', 'web:1', 'my-ubuntu-tools:1', 'alpine:3'];
    expect([...wrong, ...right].filter((name) => isWholeSystem(imageName(name)))).to.deep.equal(wrong);
  });

  it('knows images made for debugging', () => {
    const wrong = ['nicolaka/netshoot', 'curlimages/curl:8', 'gcr.io/distroless/static:debug', 'web:1-debug'];
    const right = ['web:1', 'registry.example.com/curl-exporter:1', 'web:debugless'];
    expect([...wrong, ...right].filter((name) => isDebugImage(imageName(name)))).to.deep.equal(wrong);
  });
});
