// What `openstack … list -f json` printed, told apart by columns: names of files are only a hint.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';

/** A row as printed. */
export type Row = Readonly<Record<string, unknown>>;

const tables = {
  servers: { columns: ['Name', 'Networks'], command: 'server list --all-projects --long' },
  ports: { columns: ['MAC Address', 'Fixed IP Addresses'], command: 'port list --long' },
  floatingAddresses: { columns: ['Floating IP Address'], command: 'floating ip list --long' },
  rules: { columns: ['IP Protocol', 'Direction'], command: 'security group rule list --long' },
  subnets: { columns: ['Network', 'Subnet'], command: 'subnet list --long' },
  networks: { columns: ['Name', 'Subnets'], command: 'network list --long' },
  routers: { columns: ['Name', 'External gateway info'], command: 'router list --long' },
  users: { columns: ['Name', 'Email'], command: 'user list --long' },
  projects: { columns: ['Name', 'Domain ID'], command: 'project list --long' },
  groups: { columns: ['Name', 'Description', 'Project'], command: 'security group list' },
} as const;

export type TableName = keyof typeof tables;

/** The command that prints a table. */
export const commandOf = (name: TableName): string => `openstack ${tables[name].command} -f json`;
export const tableNames = Object.keys(tables) as readonly TableName[];

/** Short lists have few columns: there the name of the file decides. */
const nameHints: readonly (readonly [RegExp, TableName])[] = [
  [/project/i, 'projects'],
  [/user/i, 'users'],
  [/router/i, 'routers'],
];

/** Tables of all files. */
export interface Tables {
  readonly rows: ReadonlyMap<TableName, readonly Row[]>;
  readonly notes: readonly string[];
  /** When the oldest file was written, milliseconds. */
  readonly writtenAt: number;
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new VedetteError('input-missing', { path }, { cause });
    if (code !== undefined) throw new VedetteError('input-unreadable', { path, reason: code }, { cause });
    throw new VedetteError('inventory-invalid', { path, problem: `is not JSON (${(cause as Error).message})` }, { cause });
  }
}

function tableOf(path: string, rows: readonly Row[]): TableName | undefined {
  const columns = Object.keys(rows[0] ?? {});
  const found = tableNames.find((name) => tables[name].columns.every((column) => columns.includes(column)));
  if (found !== undefined) return found;
  const isShort = columns.includes('ID') && columns.includes('Name');
  return isShort ? nameHints.find(([pattern]) => pattern.test(basename(path)))?.[1] : undefined;
}

const isRows = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));

/** Files of the paths; a directory stands for its .json files. */
function filesOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    if (!isDirectory) return [path];
    return readdirSync(path)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(path, name));
  });
}

/** Reads and tells apart. @throws {VedetteError} `input-missing`, `input-unreadable`, `inventory-invalid` */
export function readTables(paths: readonly string[]): Tables {
  const rows = new Map<TableName, readonly Row[]>();
  const notes: string[] = [];
  let writtenAt = Number.POSITIVE_INFINITY;
  for (const path of filesOf(paths)) {
    const value = parsed(path);
    if (!isRows(value))
      throw new VedetteError('inventory-invalid', { path, problem: 'is not a list as openstack … list -f json prints it' });
    if (value.length === 0) {
      notes.push(`${path}: is an empty list; passed over`);
      continue;
    }
    const name = tableOf(path, value);
    if (name === undefined) {
      notes.push(
        `${path}: its columns (${Object.keys(value[0] ?? {})
          .slice(0, 6)
          .join(', ')}) are those of no list that is known; passed over`,
      );
      continue;
    }
    rows.set(name, [...(rows.get(name) ?? []), ...value]);
    writtenAt = Math.min(writtenAt, statSync(path).mtimeMs);
  }
  if (rows.size === 0)
    throw new VedetteError('inventory-invalid', { path: paths.join(' '), problem: 'there is no list of openstack … list -f json' });
  return { rows, notes, writtenAt };
}
