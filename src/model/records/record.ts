// How a record type is declared: one list of columns serves writer, reader, store, reference pages and TypeScript types.
import type { EpochMicros } from '../../base/units.ts';

/** Scalar kinds, named as in the `#types` line of a Zeek log. */
interface ScalarTypes {
  /** Microseconds since the epoch; printed as seconds with six decimals. */
  time: EpochMicros;
  /** Seconds with a fraction. */
  interval: number;
  /** Printable text: made by `Bytes.text`, so nothing from the wire in it can harm a terminal or a log. */
  string: string;
  addr: string;
  port: number;
  count: number;
  int: number;
  double: number;
  bool: boolean;
  enum: string;
}

export type ScalarKind = keyof ScalarTypes;
export type ColumnKind = ScalarKind | `set[${ScalarKind}]` | `vector[${ScalarKind}]`;

/** TypeScript value of a column; containers are arrays (a set: no element twice). */
export type ValueOf<K extends ColumnKind> = K extends ScalarKind
  ? ScalarTypes[K]
  : K extends `${'set' | 'vector'}[${infer S extends ScalarKind}]`
    ? readonly ScalarTypes[S][]
    : never;

export interface Column<K extends ColumnKind = ColumnKind, Always extends boolean = boolean> {
  readonly kind: K;
  /** What it means, with unit and caveats; one sentence. */
  readonly doc: string;
  /** Present in every row; otherwise the key is missing or undefined when unset. */
  readonly always: Always;
  /** A column of ours, written after Zeek's. */
  readonly own: boolean;
}

type Columns = Readonly<Record<string, Column>>;

/** A column that may be unset. */
export const column = <K extends ColumnKind>(kind: K, doc: string): Column<K, false> => ({ kind, doc, always: false, own: false });
/** A column that every row has. */
export const required = <K extends ColumnKind>(kind: K, doc: string): Column<K, true> => ({ kind, doc, always: true, own: false });
/** A column that Zeek's stock log lacks. Declare it after Zeek's columns. */
export const ours = <K extends ColumnKind>(kind: K, doc: string): Column<K, false> => ({ kind, doc, always: false, own: true });

/** A record type: the log's name and its columns in file order. Keys are Zeek's field names, dots included. */
export interface RecordType<Name extends string = string, C extends Columns = Columns> {
  readonly name: Name;
  readonly doc: string;
  readonly columns: C;
}

export const defineRecord = <Name extends string, C extends Columns>(name: Name, doc: string, columns: C): RecordType<Name, C> => ({
  name,
  doc,
  columns,
});

/** The row type of a record type. */
export type RowOf<T> =
  T extends RecordType<string, infer C>
    ? { -readonly [K in keyof C as C[K] extends Column<ColumnKind, true> ? K : never]: ValueOf<C[K]['kind']> } & {
        -readonly [K in keyof C as C[K] extends Column<ColumnKind, true> ? never : K]?: ValueOf<C[K]['kind']> | undefined;
      }
    : never;

/** Columns that begin most rows: when, which connection. */
export const connectionColumns = {
  ts: required('time', 'When it was first seen.'),
  uid: required('string', 'Identifier of the connection, stable across replays.'),
  'id.orig_h': required('addr', 'Address of the client (who opened the connection).'),
  'id.orig_p': required('port', 'Port of the client; for ICMP the message type.'),
  'id.resp_h': required('addr', 'Address of the server.'),
  'id.resp_p': required('port', 'Port of the server; for ICMP the message code.'),
} as const;

/** Our column that tells tenants apart where addresses overlap. */
export const contextColumn = {
  context: ours('string', 'Network context: capture point, VLAN, tunnel and its identifier; unset when there is only one.'),
} as const;
