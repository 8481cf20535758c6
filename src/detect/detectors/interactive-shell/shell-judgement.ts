// From rhythm and texts to a verdict. Pure, so that the rule can be read and tested alone.
import type { Severity } from '../../../model/finding.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';

export type ShellTune = Readonly<
  Record<'turns' | 'typedBytes' | 'minGapSeconds' | 'maxGapSeconds' | 'gapVariation' | 'answerSeconds' | 'minSeconds', number>
>;

/** How the typing end and the answering end took turns; bytes and seconds are medians. */
export interface Rhythm {
  readonly turns: number;
  readonly typedBytes: number;
  readonly answeredBytes: number;
  readonly pauseSeconds: number;
  readonly pauseVariation: number;
  /** Time to the answer; undefined where it was not measured (the end that opened the connection types). */
  readonly answerSeconds: number | null;
  /** Turns of the answering end that ended like a prompt. */
  readonly prompts: number;
  /** Share of printable bytes of the answering end. */
  readonly printable: number;
}

/** The rhythm with the server typing (`reverse`) or the client typing. */
export function rhythmOf(row: InteractionRecord, reverse: boolean): Rhythm {
  return reverse
    ? {
        turns: row.server_prompted_turns,
        typedBytes: row.server_bytes_median ?? 0,
        answeredBytes: row.client_bytes_median ?? 0,
        pauseSeconds: row.server_gap_median ?? 0,
        pauseVariation: row.server_gap_cv ?? 0,
        answerSeconds: row.client_delay_median ?? null,
        prompts: row.client_prompts,
        printable: row.client_printable,
      }
    : {
        turns: row.client_prompted_turns,
        typedBytes: row.client_turn_bytes_median ?? 0,
        answeredBytes: row.server_answer_bytes_median ?? 0,
        pauseSeconds: row.client_gap_median ?? 0,
        pauseVariation: row.client_gap_cv ?? 0,
        answerSeconds: null,
        prompts: row.server_prompts,
        printable: row.server_printable,
      };
}

/** Short lines after human pauses, answered at once by something longer. */
export function isTyped(rhythm: Rhythm, seconds: number, tune: ShellTune): boolean {
  return (
    seconds >= tune.minSeconds &&
    rhythm.turns >= tune.turns &&
    rhythm.typedBytes <= tune.typedBytes &&
    rhythm.answeredBytes >= 2 * rhythm.typedBytes &&
    rhythm.pauseSeconds >= tune.minGapSeconds &&
    rhythm.pauseSeconds <= tune.maxGapSeconds &&
    rhythm.pauseVariation > tune.gapVariation &&
    (rhythm.answerSeconds === null || rhythm.answerSeconds <= tune.answerSeconds)
  );
}

export interface ShellFacts {
  readonly rhythm: Rhythm;
  /** What the answering end said. */
  readonly marks: readonly string[];
  /** What the other end typed. */
  readonly commands: readonly string[];
  /** Everything that the other end typed at first was a command of a shell. */
  readonly onlyCommands: boolean;
  /** The other end began by sending a program, and both went on talking. */
  readonly programSent: boolean;
  /** The end that answers opened the connection. */
  readonly reverse: boolean;
}

/** A prompt alone may be a prompt of anything; these name a shell. */
const weakMarks = new Set(['bare Unix prompt', 'Unix prompt with host', 'Windows path prompt']);

interface Verdict {
  readonly severity: Severity;
  readonly confidence: number;
}

/** The facts boiled down to what the rule asks. */
interface Signs {
  /** The rhythm is that of typing. */
  readonly typed: boolean;
  /** Words that only a shell says. */
  readonly strong: boolean;
  /** Words of a shell that something else supports. */
  readonly supported: boolean;
  /** Commands were typed. */
  readonly commanded: boolean;
}

function signsOf({ rhythm, marks, commands }: ShellFacts, seconds: number, tune: ShellTune): Signs {
  const strong = marks.some((mark) => !weakMarks.has(mark));
  const commanded = commands.length > 0;
  const supported = marks.length > 0 && (strong || commanded || rhythm.prompts >= 2);
  return { typed: isTyped(rhythm, seconds, tune), strong, supported, commanded };
}

/** Who connects out and then answers like a shell has hardly any excuse. */
function judgeReverse({ typed, strong, supported, commanded }: Signs, { rhythm, onlyCommands }: ShellFacts): Verdict | undefined {
  if (supported && (typed || strong || commanded)) return { severity: 'high', confidence: typed ? 0.97 : 0.92 };
  if (commanded && onlyCommands && rhythm.printable >= 0.7) return { severity: 'high', confidence: 0.88 };
  if (!typed) return undefined;
  if (rhythm.prompts >= 2) return { severity: 'high', confidence: 0.9 };
  return rhythm.printable >= 0.9 ? { severity: 'medium', confidence: 0.7 } : { severity: 'low', confidence: 0.45 };
}

/** A remote end that connects in and finds a prompt may use a telnet service: it takes words of a shell *and* typing. */
function judgeInbound({ typed, strong, supported, commanded }: Signs): Verdict | undefined {
  if (strong && commanded) return { severity: 'high', confidence: typed ? 0.92 : 0.85 };
  return typed && supported ? { severity: 'medium', confidence: 0.6 } : undefined;
}

/** The verdict; undefined when there is none. */
export function judgeShell(facts: ShellFacts, seconds: number, tune: ShellTune): Verdict | undefined {
  if (facts.programSent) return { severity: 'high', confidence: 0.85 };
  const signs = signsOf(facts, seconds, tune);
  return facts.reverse ? judgeReverse(signs, facts) : judgeInbound(signs);
}
