// An attribution as a person reads it on a terminal.
import { visible } from '../../base/visible.ts';
import type { Attribution, Candidate, Exposure } from '../../model/attribution.ts';
import type { InventoryHistory } from '../../model/inventory.ts';
import { sinceText } from './inventory-tables.ts';
import { factsText } from './table.ts';

const verdicts: Readonly<Record<Attribution['verdict'], string>> = {
  one: 'One holder',
  ambiguous: 'Several may have held it',
  unowned: 'Nobody held it',
  unknown: 'Not known: the inventory does not cover this time',
};

const exposureVerdicts: Readonly<Record<Exposure['verdict'], string>> = {
  open: 'open',
  closed: 'closed: no rule lets it in',
  unenforced: 'open: port security is off, nothing is enforced',
  unknown: 'not known: security groups are not in the inventory',
};

/** `machine web-1 of project acme-web` */
export const holderText = ({ kind, name, projectName, projectId }: Candidate): string =>
  `${kind} ${name}${(projectName ?? projectId) === undefined ? '' : ` of project ${projectName ?? projectId}`}`;

function candidateText(history: InventoryHistory, candidate: Candidate): string {
  const { confidence, userName, userId, host, mac, fixedAddress, floatingAddress, networkName, routerName, imageName, keypair, portId } =
    candidate;
  const until = history.timeless ? '' : candidate.to === undefined ? ' until now' : ` until ${sinceText(history, candidate.to)}`;
  return `  ${visible(holderText(candidate))}  (${Math.round(confidence * 100)} %)\n${factsText(
    [
      ['id', candidate.id],
      ['owner', userName ?? userId],
      ['host', host],
      ['address', fixedAddress],
      ['floating', floatingAddress],
      ['network', networkName],
      ['router', candidate.kind === 'router' ? undefined : routerName],
      ['mac', mac],
      ['port', portId],
      ['image', imageName],
      ['key pair', keypair],
      ['since', `${sinceText(history, candidate.from)}${until}`],
      ...candidate.reasons.map((reason, i): [string, string] => [i === 0 ? 'because' : '', reason]),
    ],
    '    ',
  )}`;
}

function exposureText({ verdict, rules, portId, protocol, port }: Exposure): string {
  const what = [protocol, port].filter((one) => one !== undefined).join(' ') || 'inbound';
  const shown = rules.filter(({ applies }) => applies).map(({ text }) => `    by ${visible(text)}\n`);
  return `  ${what} at port ${visible(portId)}: ${exposureVerdicts[verdict]}\n${shown.join('')}`;
}

/** The whole answer, ending in a line end. */
export function attributionText(
  history: InventoryHistory,
  what: string,
  { verdict, candidates, caveats }: Attribution,
  exposures: readonly Exposure[],
): string {
  return [
    `${visible(what)}: ${verdicts[verdict]}\n`,
    ...candidates.map((candidate) => candidateText(history, candidate)),
    ...(exposures.length === 0 ? [] : ['Security groups\n', ...exposures.map(exposureText)]),
    ...(caveats.length === 0 ? [] : ['Mind\n', ...caveats.map((caveat) => `  ${visible(caveat)}\n`)]),
  ].join('');
}
