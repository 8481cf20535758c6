// The three questions that begin an investigation, and what the findings answer.
import { atLeast, type Finding } from '../model/finding.ts';
import type { Investigation } from './investigation.ts';
import type { Messages } from './messages/en.ts';
import { isAttackAnswered, isDirectCall, isInboundAttack, isReaction, isRemoteAccess, isRemoteLead, isToolFetch } from './roles.ts';

export type Answer = keyof Messages['questions']['answers'];

/** A question with its answer; the reasons are ids of findings, or a sentence. */
export interface Answered {
  readonly question: 'remote' | 'exploited' | 'tools';
  readonly answer: Answer;
  readonly findings: readonly Finding[];
  readonly reason: string | undefined;
}

const rows = ({ observations }: Investigation, log: string): number => observations.coverage.rows[log] ?? 0;

/** Does an attacker have direct remote access? */
function remoteAccess(investigation: Investigation, all: readonly Finding[], m: Messages['questions']): Answered {
  const question = 'remote';
  const shells = all.filter((finding) => isRemoteAccess(finding) && atLeast(finding.severity, 'medium'));
  if (shells.length > 0) {
    const answer = shells.some(({ severity }) => atLeast(severity, 'high')) ? 'yes' : 'suspected';
    return { question, answer, findings: shells, reason: undefined };
  }
  const leads = all.filter((finding) => (isRemoteLead(finding) || isRemoteAccess(finding)) && atLeast(finding.severity, 'low'));
  if (leads.length > 0) return { question, answer: 'suspected', findings: leads, reason: undefined };
  const isSeen = rows(investigation, 'conn') > 0;
  return { question, answer: isSeen ? 'no' : 'unseen', findings: [], reason: isSeen ? m.remoteNo : m.remoteUnseen };
}

/** Was an application exploited? An attack alone is an attempt; a machine that then does what the payload says was exploited. */
function exploited(investigation: Investigation, all: readonly Finding[], m: Messages['questions']): Answered {
  const question = 'exploited';
  const attacks = all.filter(isInboundAttack);
  const reactions = all.filter((finding) => isReaction(finding) && atLeast(finding.severity, 'high'));
  const attacked = new Set(attacks.flatMap(({ peers }) => peers.map(({ address }) => address)));
  const consequences = all.filter(
    (finding) =>
      (isRemoteAccess(finding) || isToolFetch(finding)) && atLeast(finding.severity, 'high') && attacked.has(finding.subject.address),
  );
  if (attacks.length > 0 || reactions.length > 0) {
    const proofs = [...new Set([...reactions, ...consequences, ...attacks.filter(isAttackAnswered)])];
    if (proofs.length > 0) return { question, answer: 'yes', findings: [...new Set([...proofs, ...attacks])], reason: undefined };
    return { question, answer: 'attempted', findings: attacks, reason: m.exploitedAttempted };
  }
  const { requests } = investigation.observations;
  return {
    question,
    answer: requests > 0 ? 'no' : 'unseen',
    findings: [],
    reason: requests > 0 ? m.exploitedNo(requests) : m.exploitedUnseen,
  };
}

/** Were more tools fetched, or addresses called directly? */
function tools(investigation: Investigation, all: readonly Finding[], m: Messages['questions']): Answered {
  const question = 'tools';
  const fetched = all.filter(isToolFetch);
  const direct = all.filter((finding) => isDirectCall(finding) && atLeast(finding.severity, 'low'));
  const strong = fetched.some(({ severity }) => atLeast(severity, 'medium'));
  if (fetched.length + direct.length > 0) {
    return { question, answer: strong ? 'yes' : 'suspected', findings: [...fetched, ...direct], reason: undefined };
  }
  const hasDns = rows(investigation, 'dns') > 0;
  const hasFiles = rows(investigation, 'files') + rows(investigation, 'http') > 0;
  if (!hasDns && !hasFiles) return { question, answer: 'unseen', findings: [], reason: m.toolsUnseen };
  return { question, answer: hasDns ? 'no' : 'unseen', findings: [], reason: hasDns ? m.toolsNo : m.toolsNoDns };
}

/** All three, in the order of an investigation: connections, requests, names. */
export function answers(investigation: Investigation, { questions: m }: Messages): readonly Answered[] {
  const all = investigation.findings.map(({ finding }) => finding);
  return [remoteAccess(investigation, all, m), exploited(investigation, all, m), tools(investigation, all, m)];
}
