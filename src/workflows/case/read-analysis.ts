// An output directory of analyze, as far as cases and bundles need it.
import { VedetteError } from '../../base/errors.ts';
import type { Finding } from '../../model/finding.ts';
import { parseFinding } from '../../model/parse-finding.ts';

/** One capture that was analysed. */
export interface AnalysedCapture {
  readonly source: string;
  /** SHA-256 of the file as it was then; absent for standard input. */
  readonly sha256: string | undefined;
}

export interface Analysis {
  readonly directory: string;
  readonly findings: readonly Finding[];
  /** Lines of findings.ndjson by id, byte for byte. */
  readonly lines: ReadonlyMap<string, string>;
  /** run.json as it is. */
  readonly run: string;
  readonly captures: readonly AnalysedCapture[];
  /** Ranges that the analysis was told are ours. */
  readonly local: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseRun(path: string, text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch {
    // Said below, for both.
  }
  throw new VedetteError('input-unreadable', { path, reason: 'is not the JSON that analyze writes' });
}

/** Captures among the inputs of a run. */
export function capturesOf(run: Fields): AnalysedCapture[] {
  const inputs = Array.isArray(run['inputs']) ? run['inputs'].filter(isFields) : [];
  return inputs.flatMap(({ source, sha256, packets }) =>
    typeof source !== 'string' || source === '-' || typeof packets !== 'number'
      ? []
      : [{ source, sha256: typeof sha256 === 'string' ? sha256 : undefined }],
  );
}

/** Ranges under `configuration.local` of a run. */
export function localOf(run: Fields): string[] {
  const configuration = run['configuration'];
  const local = isFields(configuration) ? configuration['local'] : undefined;
  return Array.isArray(local) ? local.filter((one): one is string => typeof one === 'string') : [];
}

/**
 * Reads a directory. `read` gives the text of a file.
 * @throws {VedetteError} `input-missing`, `input-unreadable`
 */
export async function readAnalysis(directory: string, read: (path: string) => Promise<string>): Promise<Analysis> {
  const lines = new Map<string, string>();
  const findings: Finding[] = [];
  for (const line of (await read(`${directory}/findings.ndjson`)).split('\n')) {
    const finding = line === '' ? undefined : parseFinding(line);
    if (finding === undefined) continue;
    findings.push(finding);
    lines.set(finding.id, line);
  }
  const run = await read(`${directory}/run.json`);
  const fields = parseRun(`${directory}/run.json`, run);
  return { directory, findings, lines, run, captures: capturesOf(fields), local: localOf(fields) };
}

/** The findings of these ids, all without; in their order. @throws {VedetteError} `finding-unknown` */
export function chosenFindings({ findings, directory }: Analysis, ids: readonly string[]): readonly Finding[] {
  const unknown = ids.find((id) => !findings.some((finding) => finding.id === id));
  if (unknown !== undefined) throw new VedetteError('finding-unknown', { path: directory, id: unknown });
  return ids.length === 0 ? findings : findings.filter(({ id }) => ids.includes(id));
}
