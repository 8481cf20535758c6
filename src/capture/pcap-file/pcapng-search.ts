// Finding the next block in a damaged pcapng file: its type is known and its length stands at both ends.
import type { ByteWindow } from './byte-window.ts';
import { blockHeadBytes, blockType, isBlockLength, isKnownBlock, sectionByteOrder } from './pcapng-blocks.ts';

/** Looks for block starts in a window. */
export class PcapngSearch {
  /** Unread bytes that are needed to decide about the place where `find` stopped. */
  needed = blockHeadBytes;

  /**
   * Moves `window.start` to the next block; true when it is certain. False means: all bytes were looked at (the window
   * has ended), or `needed` bytes must be there to go on.
   */
  find(window: ByteWindow, littleEndian: boolean): boolean {
    const { view } = window.bytes;
    for (let at = window.start; at + blockHeadBytes <= window.end; at++) {
      if (!isKnownBlock(view.getUint32(at, littleEndian))) continue;
      const order = view.getUint32(at) === blockType.section ? sectionByteOrder(view, at) : littleEndian;
      const length = order === undefined ? 0 : view.getUint32(at + 4, order);
      if (!isBlockLength(length)) continue;
      const isHere = at + length <= window.end;
      if (isHere ? view.getUint32(at + length - 4, order) !== length : window.ended) continue;
      window.start = at;
      this.needed = length;
      return isHere;
    }
    window.start = window.ended ? window.end : Math.max(window.start, window.end - blockHeadBytes + 1);
    this.needed = blockHeadBytes;
    return false;
  }
}
