import type { Pack } from './pack.ts';

/**
 * `strict`: every string in a body and every number of more than five digits, but for what an object is and is called.
 * Added after the packs, so their more telling kinds win where both apply.
 */
export const strictPack: Pack = {
  id: 'strict',
  summary: 'Every text of request and response bodies; what says nothing about the object is dropped.',
  file: 'built-in',
  names: {},
  examples: [],
  rules: [
    {
      id: 'strict-bodies',
      kind: 'body',
      category: 'secret',
      about: 'Texts in bodies, except kind, apiVersion and the names that identify the object.',
      action: 'redact',
      pseudonym: 'token',
      enabled: true,
      line: 1,
      operation: {
        type: 'structure',
        in: 'event',
        when: {},
        event: {},
        mask: ['requestObject', 'responseObject'],
        except: ['requestObject', 'responseObject'].flatMap((body) =>
          ['', '.items'].flatMap((list) =>
            ['kind', 'apiVersion', 'metadata.name', 'metadata.namespace', 'metadata.uid', 'metadata.resourceVersion'].map(
              (member) => `${body}${list}.${member}`,
            ),
          ),
        ),
        unless: '^(?:-?[0-9]{1,5}|true|false|\\[MASKED:[a-z0-9-]{1,63}(?::[a-z0-9]{1,16}:[0-9a-f]{16})?\\])$',
      },
    },
    {
      id: 'strict-managed-fields',
      kind: 'managed-fields',
      category: 'secret',
      about: 'Who set which field of an object: only names of fields, and much of a body.',
      action: 'drop',
      pseudonym: 'token',
      enabled: true,
      line: 1,
      operation: { type: 'structure', in: '**', when: {}, event: {}, mask: ['metadata.managedFields'] },
    },
  ],
};
