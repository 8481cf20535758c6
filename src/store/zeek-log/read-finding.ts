// One finding of an output directory, by its id.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { VedetteError } from '../../base/errors.ts';

/** What is read of a finding. */
interface StoredFinding {
  readonly title: string;
  /** Uids of its connections. */
  readonly records: readonly string[];
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

/** The finding, undefined when the directory has none of that id. @throws {VedetteError} `input-missing`, `input-unreadable` */
export async function readFinding(directory: string, id: string): Promise<StoredFinding | undefined> {
  const path = join(directory, 'findings.ndjson');
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (!line.includes(id)) continue;
      const finding = JSON.parse(line) as { id?: unknown; title?: unknown; records?: unknown };
      if (finding.id === id) return { title: String(finding.title ?? ''), records: texts(finding.records) };
    }
    return undefined;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new VedetteError('input-missing', { path }, { cause });
    throw new VedetteError('input-unreadable', { path, reason: code ?? String((cause as Error).message) }, { cause });
  }
}
