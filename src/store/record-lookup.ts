// Port: rows of earlier written logs, found again by the uid of their connection. Adapter: zeek-log/.
import type { RecordSink } from '../model/records/index.ts';

/**
 * Gives every row of the logs in a directory whose `uid` is one of `uids` to the sink, log by log in the order of their lines.
 * @throws {VedetteError} `input-missing`, `input-unreadable`
 */
export type RecordLookup = (directory: string, uids: ReadonlySet<string>, sink: RecordSink) => Promise<void>;
