// Room on the disk that a run keeps from its beginning, for what it must be able to write when its own logs have filled the disk.
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What is asked for at first; on a disk that has less, a quarter, and so on. */
const mostBytes = 1 << 20;
const leastBytes = 1 << 14;
/** Name of the file that takes the room up. */
export const roomName = '.room';

/** Takes up room in a directory, as far as there is any; never fails. */
export class KeptRoom {
  readonly #path: string;

  constructor(directory: string) {
    this.#path = join(directory, roomName);
    for (let bytes = mostBytes; bytes >= leastBytes && !this.#fill(bytes); bytes /= 4);
  }

  /** The room is free again. */
  release(): void {
    rmSync(this.#path, { force: true });
  }

  /** @returns whether there was that much room, and as much again for others */
  #fill(bytes: number): boolean {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(this.#path, 'w');
      const zeros = Buffer.alloc(bytes);
      for (let written = 0; written < 2 * bytes; ) written += writeSync(descriptor, zeros, 0, bytes);
      ftruncateSync(descriptor, bytes);
      return true;
    } catch {
      this.release();
      return false;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
}
