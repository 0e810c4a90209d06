import { closestWord } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import { auditFields } from './audit-fields.ts';
import type { FieldDefinition, FieldReading } from './field-definition.ts';
import { jsonFields } from './json-fields.ts';
import { podFields } from './pod-fields.ts';

/** Every field a Falco rule about audit events may read. */
export const falcoFields: readonly FieldDefinition[] = [...auditFields, ...podFields, ...jsonFields];

const byName = new Map(falcoFields.map((field) => [field.name, field]));

/** Prefixes of Falco's other sources, so that the fault can say what is the matter. */
const foreign = /^(?:proc|fd|evt|container|k8s|user|group|thread|fs|syscall|ct|gcp|github|okta)\./;

function unknownField(name: string): Fault {
  const closest = closestWord(name, [...byName.keys()]);
  const close = closest === undefined ? 'Known are the ka.*, json.* and jevt.* fields of Falco.' : `Did you mean \`${closest}\`?`;
  const remedy = foreign.test(name) ? 'Audit events have none of the fields of system calls and other sources.' : close;
  return new Fault(`unknown field "${name}"`, { code: 'E_RULE_FIELD', remedy });
}

const argumentForm: Readonly<Record<string, RegExp>> = { index: /^(?:0|[1-9]\d{0,8})$/, key: /^[\s\S]+$/, pointer: /^[\s\S]+$/ };

/** A field with its argument, ready to be read. @throws Fault E_RULE_FIELD */
export function readField(name: string, argument: string | undefined, upstream: boolean): FieldReading {
  const field = byName.get(name);
  if (!field) throw unknownField(name);
  const wrong = (message: string, remedy: string): Fault => new Fault(`${name} ${message}`, { code: 'E_RULE_FIELD', remedy });
  if (field.argument === 'none' && argument !== undefined) throw wrong('takes no argument', `Write ${name}.`);
  if ((field.argument === 'key' || field.argument === 'pointer') && argument === undefined) {
    throw wrong('needs an argument', `Write ${name}[${field.argument === 'pointer' ? '/objectRef/name' : 'name'}].`);
  }
  if (argument !== undefined && field.argument !== 'none' && !argumentForm[field.argument]?.test(argument)) {
    throw wrong(`does not take "${argument}" as an argument`, 'A position is a decimal number without leading zeros.');
  }
  return field.read(argument, upstream);
}
