/** A requirement, and where an export answers it. */
export type Answer = readonly [requirement: string, what: string];

/** What parts of an export answer, by framework, in our own words. Source: the frameworks' numbers, as docs/export.md lists them. */
export const frameworks: Readonly<
  Record<'pci' | 'soc2' | 'hipaa' | 'iso27001' | 'nist', { readonly title: string; readonly answers: readonly Answer[] }>
> = {
  pci: {
    title: 'PCI DSS 4.0',
    answers: [
      ['10.2.1, 10.2.2', 'events: who did what to which object, when, from where, with what outcome'],
      ['10.2.1.3', 'access: who read, asked for, exported or unmasked audit data'],
      ['10.3.4', 'digests and this signature; the agent verifies its logs itself (notes of kind logs-verified)'],
      ['10.4.1, 10.4.1.1', 'daily review by rules, below; reviews: what people said about findings'],
      ['10.4.3', 'reviews: exceptions addressed'],
      ['10.5.1', 'first and last event: how far back the log reaches'],
      ['10.7.2', 'what is missing: gaps, losses, silence'],
      ['3.4, 3.5', 'masking: card numbers are not in the log'],
    ],
  },
  soc2: {
    title: 'SOC 2, trust services criteria',
    answers: [
      ['CC6.1', 'events of access control: roles, bindings, tokens'],
      ['CC7.2', 'findings: what rules saw; daily review'],
      ['CC7.3', 'reviews: how findings were judged'],
      ['Completeness and accuracy', 'query, counts that add up, sums of files, gaps'],
    ],
  },
  hipaa: {
    title: 'HIPAA security rule',
    answers: [
      ['164.312(b)', 'events and findings: activity is recorded and examined'],
      ['164.312(c)(2)', 'digests and signature: nothing was altered'],
      ['164.308(a)(1)(ii)(D)', 'daily review and reviews'],
    ],
  },
  iso27001: {
    title: 'ISO/IEC 27001:2022, annex A',
    answers: [
      ['A.5.28', 'this export as evidence: signed, with sums'],
      ['A.8.11', 'masking: policies, key epochs, values masked by kind'],
      ['A.8.15', 'events; access: use of the logs themselves'],
      ['A.8.16', 'findings and daily review'],
    ],
  },
  nist: {
    title: 'NIST SP 800-53 r5',
    answers: [
      ['AU-2, AU-3, AU-12', 'events'],
      ['AU-3(3)', 'masking: personal data in audit records is limited'],
      ['AU-5', 'what is missing'],
      ['AU-6', 'findings, daily review, reviews'],
      ['AU-9(3), AU-10', 'digests and signature'],
      ['AU-11', 'first and last event'],
    ],
  },
};
export type Framework = keyof typeof frameworks;
