// vedette case note, status, check, close
import { type Command, InvalidArgumentError } from 'commander';
import { VedetteError } from '../../../base/errors.ts';
import { standardStateDirectory } from '../../../config/state-directory.ts';
import {
  type Case,
  type CaseStatus,
  type ChecklistItem,
  caseStatuses,
  checklist,
  type ItemState,
  itemStates,
  openItems,
} from '../../../model/case.ts';
import type { Cases } from '../../../workflows/case/cases.ts';
import { print } from '../../output/one-line.ts';
import { choiceOf, dayOf } from '../options.ts';
import { caseJson } from './case-text.ts';

interface Common {
  readonly state: string;
  readonly json: boolean;
}

const exits = 'Exit codes: 0 done, 2 bad usage or no such case, 3 refused, 4 the state directory cannot be written.\n';

const itemsText = checklist.map(({ item, title, how }) => `  ${item.padEnd(15)}  ${title}.\n${' '.repeat(19)}${how}`).join('\n');

const checkExamples = `
Items:
${itemsText}

Examples:
  vedette case check case-2026-001 extent --note "two more machines, see case-2026-002"
  vedette case check case-2026-001 patch-reminders --due 2026-12-15 --note "owner agreed"
  vedette case check case-2026-001 malware --mark not-needed --note "the machine is deleted"

${exits}`;

/** Longest note; a journal is no place for files. */
const maxText = 10_000;

function textOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new InvalidArgumentError('it must not be empty.');
  if (trimmed.length > maxText) throw new InvalidArgumentError(`it must have at most ${maxText} characters.`);
  return trimmed;
}

const saved = (one: Case, json: boolean, what: string): void => {
  const left = openItems(one).map(({ item }) => item);
  print(json, caseJson(one), [`${one.id}: ${what}`, ...(one.status === 'closed' || left.length === 0 ? [] : [`Open: ${left.join(', ')}`])]);
};

/** Adds the options that all have. */
const command = (group: Command, name: string, description: string): Command =>
  group
    .command(name)
    .description(description)
    .argument('<case>', 'id')
    .option('--state <dir>', 'state directory', standardStateDirectory)
    .option('--json', 'print the case as JSON', false);

/** Adds the commands. */
export function addCaseWork(group: Command, cases: (stateDirectory: string) => Cases): void {
  command(group, 'note', 'Writes a note into the journal.')
    .argument('<text>', 'the note', textOf)
    .addHelpText('after', `\nExamples:\n  vedette case note case-2026-001 "owner called back, will rebuild tonight"\n\n${exits}`)
    .action(async (id: string, text: string, { state, json }: Common) => saved(await cases(state).note(id, text), json, 'noted'));
  command(group, 'status', 'Sets the status; closing needs a checklist that is done, or a reason.')
    .argument('<status>', caseStatuses.join(', '), choiceOf(caseStatuses))
    .option('--reason <text>', 'why', textOf)
    .addHelpText(
      'after',
      `\nExamples:\n  vedette case status case-2026-001 contained --reason "ports in quarantine since 14:03"\n\n${exits}`,
    )
    .action(async (id: string, status: CaseStatus, { state, json, reason }: Common & { reason?: string }) =>
      saved(await cases(state).status(id, status, reason), json, status),
    );
  command(group, 'check', 'Ticks an item of the checklist off, or gives it a day.')
    .argument('<item>', 'item of the checklist', choiceOf(checklist.map(({ item }) => item)))
    .option('--mark <state>', `${itemStates.join(', ')} (standard: done; open when only --due is given)`, choiceOf(itemStates))
    .option('--note <text>', 'what was found or done', textOf)
    .option('--due <day>', 'day to look at it again, YYYY-MM-DD', dayOf)
    .addHelpText('after', checkExamples)
    .action(async (id: string, item: ChecklistItem, options: Common & { mark?: ItemState; note?: string; due?: string }) => {
      const { mark, note, due, json } = options;
      if (mark === 'not-needed' && note === undefined) {
        throw new VedetteError('usage', { problem: 'not-needed must say why', advice: 'add --note' });
      }
      const state = mark ?? (due !== undefined ? 'open' : 'done');
      const one = await cases(options.state).check(id, {
        item,
        state,
        ...(note !== undefined && { note }),
        ...(due !== undefined && { due }),
      });
      saved(one, json, `${item} ${state}`);
    });
  command(group, 'close', 'Closes a case; refuses with what is still open unless a reason is given.')
    .option('--reason <text>', 'why, although something is open', textOf)
    .addHelpText(
      'after',
      `\nExamples:\n  vedette case close case-2026-001\n  vedette case close case-2026-001 --reason "false alarm: the load test of the owner"\n\n${exits}`,
    )
    .action(async (id: string, { state, json, reason }: Common & { reason?: string }) =>
      saved(await cases(state).status(id, 'closed', reason), json, 'closed'),
    );
}
