// Named pipes and devices as streams.
import { createReadStream, open as openFile } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const open = promisify(openFile);

/**
 * Opens a pipe (or `/dev/fd/N`); waits for its writer. Through the event loop, not by reads that block a thread: a
 * process that waits for a silent pipe must be able to end. Devices that cannot do that are read as files.
 */
export async function openPipe(path: string): Promise<Readable> {
  const fd = await open(path, 'r');
  try {
    return new Socket({ fd, readable: true, writable: false });
  } catch {
    return createReadStream(path, { fd });
  }
}
