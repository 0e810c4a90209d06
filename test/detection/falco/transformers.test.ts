import { expect } from 'chai';
import { findOptions, lengthOf, textMaps } from '../../../src/detection/falco/transformers.ts';
import { falcoFaults, falcoRule, holds } from '../../support/falco.ts';

const event = {
  auditID: 'a-1',
  verb: 'create',
  requestURI: '/api/v1/pods/web',
  userAgent: 'aGVsbG8=',
  user: { username: 'Größe', groups: ['Dev', 'ops'] },
  requestObject: { spec: { containers: [{ image: 'r/a', args: ['-n', '-tfile', '--long', 'word', '-x'] }, { image: 'r/b' }] } },
};

const rows: readonly (readonly [string, boolean])[] = [
  ['toupper(ka.verb) = CREATE', true],
  ['toupper(ka.verb) = create', false],
  ['tolower(ka.user.name) = größe', true],
  ['tolower( ka.user.name ) startswith gr', true],
  ['b64(ka.useragent) = hello', true],
  ['b64(ka.user.name) exists', false],
  ['b64(ka.impuser.name) exists', false],
  ['basename(ka.uri) = web', true],
  ['basename(ka.verb) = create', true],
  ['len(ka.verb) = 6', true],
  ['len(ka.verb) = 0x6', true],
  ['len(ka.verb) in (5, 6)', true],
  ['len(ka.verb) != 6', false],
  ['len(ka.verb) > 5', true],
  ['len(ka.verb) <= 5', false],
  ['len(ka.user.name) = 7', true],
  ['len(ka.user.groups) = 2', true],
  ['len(ka.user.groups) >= 3', false],
  ['len(ka.impuser.name) = 0', false],
  ['len(ka.req.pod.containers.image) = 2', true],
  ['len(ka.req.pod.initContainers.image) = 0', false],
  ['toupper(ka.user.groups) intersects (DEV)', true],
  ['toupper(ka.user.groups) in (DEV)', false],
  ['toupper(basename(ka.uri)) = WEB', true],
  ['len(toupper(ka.verb)) = 6', true],
  ['join("-", (ka.verb, "x", toupper(ka.verb))) = create-x-CREATE', true],
  ['join(",", ka.user.groups) = "Dev,ops"', true],
  ['join("-", ("aaa", "bbb")) = aaa-bbb', true],
  ['join(",", ()) = ""', true],
  ['join("-", (ka.verb, ka.impuser.name)) exists', false],
  ['concat(ka.verb, "-", 5) = create-5', true],
  ['concat("aaa", "bbb") = aaabbb', true],
  ['concat(ka.verb, ka.impuser.name) exists', false],
  ['len(concat("aaa", ka.verb)) = 9', true],
  ['b64(concat("aGVs", "bG8=")) = hello', true],
  ['ka.verb = tolower(ka.verb)', true],
  ['ka.verb = toupper(ka.verb)', false],
  ['ka.uri endswith basename(ka.uri)', true],
  ['len(ka.verb) < len(ka.uri)', true],
  ['getopt(ka.req.pod.containers.args, "nt:") intersects (n)', true],
  ['getopt(ka.req.pod.containers.args, "nt:") in (n, t)', true],
  ['getopt(ka.req.pod.containers.args, "nt:")[t] = file', true],
  ['getopt(ka.req.pod.containers.args, "nt:")[n] = ""', true],
  ['getopt(ka.req.pod.containers.args, "q")[q] exists', false],
];

describe('detection/falco/transformers', () => {
  for (const [condition, expected] of rows) {
    it(`${condition}: ${expected}`, () => expect(holds(condition, event)).to.equal(expected));
  }

  it('refuse what they do not take', () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['toupper() = x', /toupper does not take 0 arguments/],
      ['toupper(ka.verb, ka.uri) = x', /toupper does not take 2 arguments/],
      ['toupper("x", ("y")) = x', /does not take 2 arguments/],
      ['len(("a", "b")) = 2', /len does not take a list in parentheses/],
      ['toupper(len(ka.verb)) = 6', /toupper takes texts, not a number/],
      ['join("-") = x', /join does not take 1 arguments/],
      ['join("-", "a") = x', /the second argument of join is a list/],
      ['join(ka.user.groups, ("a")) = x', /the separator of join is a single text/],
      ['join("-", (ka.user.groups)) = x', /one of the fields is a list/],
      ['concat("a") = x', /concat does not take 1 arguments/],
      ['concat(ka.user.groups, "a") = x', /concat takes single texts/],
      ['getopt(ka.verb, ka.uri) exists', /the letters of getopt are a quoted text/],
      ['getopt(ka.verb, "ab")[ab] exists', /getopt selects one letter/],
      ['val(ka.verb) = x', /"val" is no transformer.*only on the right/],
      ['uper(ka.verb) = x', /"uper" is no transformer/],
      ['toupper (ka.verb) = x', /expected "and" or "or"/],
      ['b64(ka.verb = x', /expected "\)" to close b64/],
    ];
    for (const [condition, message] of wrong) expect(falcoFaults(falcoRule(condition)).join('\n'), condition).to.match(message);
  });

  it('measure bytes, and decode only what is base64', () => {
    expect(lengthOf('ö')).to.equal('2');
    for (const text of ['a', 'a!==', 'aaaaa', 'a=b=']) expect(textMaps['b64']?.(text), text).to.equal(undefined);
    expect(textMaps['b64']?.('')).to.equal('');
    expect(textMaps['b64']?.('aGVsbG8')).to.equal('hello');
  });

  it('find options as getopt does', () => {
    const letters = (words: string, spec: string): string =>
      findOptions(words.split(' '), spec)
        .map(({ letter, argument }) => `${letter}=${argument}`)
        .join(' ');
    expect(letters('-a -bval -c val', 'ab:c:')).to.equal('a= b=val c=val');
    expect(letters('-abc', 'abc')).to.equal('a= b= c=');
    expect(letters('word -a', 'a')).to.equal('a=');
    expect(letters('word -a', '+a')).to.equal('');
    expect(letters('-a -- -b', 'ab')).to.equal('a=');
    expect(letters('-o -a', 'o::a')).to.equal('o= a=');
    expect(letters('-o', 'o:')).to.equal('');
    expect(letters('- -: -z', 'a:')).to.equal('');
  });
});
