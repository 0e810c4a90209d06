import type { Argument, Command, Option } from 'commander';
import { printable } from '../printable.ts';

/** What may stand behind an option, or for an argument. */
export type Values = readonly string[] | 'path' | 'rule' | 'kind' | 'any';

export interface OptionWords {
  /** `-o` and `--output`. */
  readonly flags: readonly string[];
  readonly about: string;
  /** Undefined where it takes no value. */
  readonly values: Values | undefined;
}

export interface CommandWords {
  /** Names from the program on, without its own; empty for the program itself. */
  readonly path: string;
  readonly about: string;
  readonly options: readonly OptionWords[];
  readonly values: Values;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
}

/** A rule, as it is completed: the id, and what people call it. */
export interface RuleWord {
  readonly id: string;
  readonly name: string;
}

/** Everything that is completed besides files. */
export interface Vocabulary {
  readonly commands: readonly CommandWords[];
  readonly rules: readonly RuleWord[];
  readonly kinds: readonly string[];
}

/** The words of a command and of all below it, as the command table has them. Hidden ones are left out. */
export function commandWords(command: Command, path: readonly string[] = []): readonly CommandWords[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const own: CommandWords = {
    path: path.join(' '),
    about: line(command.summary() || command.description()),
    options: help.visibleOptions(command).map(optionWords),
    values: command.registeredArguments[0] ? argumentValues(command.registeredArguments[0]) : 'any',
    commands: commands.map((child) => ({ name: child.name(), about: line(child.summary() || child.description()) })),
  };
  const below = commands
    .filter((child) => child.name() !== 'help')
    .flatMap((child) => commandWords(child, [...path, child.name()]));
  return [own, ...below];
}

function optionWords(option: Option): OptionWords {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined && flag !== null);
  return { flags, about: line(option.description), values: option.required || option.optional ? valuesOf(option) : undefined };
}

function valuesOf({ argChoices, long, flags }: Option): Values {
  if (argChoices) return argChoices;
  if (/<[^>]*\b(file|folder)\b/.test(flags)) return 'path';
  if (long === '--rule') return 'rule';
  return long === '--kind' ? 'kind' : 'any';
}

function argumentValues(argument: Argument): Values {
  if (argument.argChoices) return argument.argChoices;
  const name = argument.name();
  if (/^(logs|files?|inputs|store|policy\|file)$/.test(name)) return 'path';
  return name === 'rule' ? 'rule' : name === 'kind|rule' ? 'kind' : 'any';
}

/** One short line that a shell can show. */
const line = (text: string): string => printable(text.split(/[.;:]( |$)/)[0] ?? '').slice(0, 80);
