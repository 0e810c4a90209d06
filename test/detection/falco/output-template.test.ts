import { expect } from 'chai';
import { parseOutput } from '../../../src/detection/falco/output-template.ts';
import { falcoFaults, falcoRule } from '../../support/falco.ts';

const event = {
  verb: 'create',
  user: { username: '[MASKED:user:k1:0123456789abcdef]', groups: ['a', 'b'] },
  requestObject: { data: { a: '[MASKED:secret-data]' }, spec: { x: `${'0123456789'.repeat(50)}[MASKED:password]` } },
};
const render = (text: string): string => parseOutput(text, false).render(JSON.stringify(event)).text;

describe('detection/falco/output-template', () => {
  it('puts in fields, arguments, transformers and percent signs', () => {
    expect(render('user=%ka.user.name did %ka.verb.')).to.equal('user=[MASKED:user:k1:0123456789abcdef] did create.');
    expect(render('%ka.user.groups and %jevt.value[/user/groups/1]!')).to.equal('(a,b) and b!');
    expect(render('%toupper(ka.verb) %len(ka.user.groups) 100%% %')).to.equal('CREATE 2 100% %');
    expect(render('*%ka.target.name/%ka.uri.param[x]')).to.equal('<NA>/<NA>');
    expect(render('no field')).to.equal('no field');
  });

  it('gives the fields as they were written', () => {
    expect(parseOutput('%ka.verb %jevt.value[/verb] %ka.uri', false).render(JSON.stringify(event)).fields).to.deep.equal({
      'ka.verb': 'create',
      'jevt.value[/verb]': 'create',
      'ka.uri': '<NA>',
    });
  });

  it('cuts long values, never inside a mask', () => {
    const text = render('%jevt.value[/requestObject/spec/x]');
    expect(text).to.equal(`${'0123456789'.repeat(50)}…`);
    expect(render('%jevt.obj'.repeat(30)).length).to.be.at.most(8193);
  });

  it('says <NA> of everything where the event is a stub', () => {
    expect(parseOutput('%ka.verb', false).render('{"stub":true}').text).to.equal('<NA>');
    expect(parseOutput('%ka.verb', false).render('not json').text).to.equal('<NA>');
  });

  it('is refused with an unknown field or a stray percent sign, at its place', () => {
    const faults = (output: string): string =>
      falcoFaults(falcoRule('ka.verb=get').replace('output: Test', `output: ${output}`)).join();
    expect(faults('user=%ka.user.nam x')).to.match(
      /^1\.yml:4:17 E_RULE_FIELD unknown field "ka\.user\.nam" Did you mean `ka\.user\.name`\?/,
    );
    expect(faults('>\n    user=%ka.verb\n    at=%proc.name')).to.match(/^1\.yml:6:9 E_RULE_FIELD unknown field "proc\.name"/);
    expect(faults('5 % of all')).to.match(/^1\.yml:4:13 E_RULE_OUTPUT expected a field after "%" Write %%/);
    expect(faults("'%ka.verb[0]'")).to.match(/takes no argument/);
    expect(faults('x %toupper(ka.verb, ka.uri)')).to.match(/toupper does not take 2 arguments/);
  });
});
