// pcapng, block by block. draft-ietf-opsawg-pcapng.
import type { BatchBuffer } from './batch-buffer.ts';
import type { ByteWindow } from './byte-window.ts';
import type { CaptureParser, ParserContext } from './capture-parser.ts';
import { blockHeadBytes, blockType, isBlockLength, isKnownBlock, sectionByteOrder } from './pcapng-blocks.ts';
import { PcapngBody } from './pcapng-body.ts';
import { PcapngSearch } from './pcapng-search.ts';

type Stop = 'full' | 'starved' | 'lost';

/** Parser of a whole pcapng file, its section headers included. */
export class PcapngParser implements CaptureParser {
  readonly format = 'pcapng';
  needed = blockHeadBytes;
  readonly #context: ParserContext;
  readonly #body: PcapngBody;
  readonly #search = new PcapngSearch();
  /** Stream offset where the order of blocks was lost; negative while it holds. */
  #lostAt = -1;
  #lostInTail = false;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#body = new PcapngBody(context);
  }

  get packets(): number {
    return this.#body.packets;
  }

  get truncatedPackets(): number {
    return this.#body.truncatedPackets;
  }

  get reportedDrops(): number | undefined {
    return this.#body.reportedDrops();
  }

  get comments(): number {
    return this.#body.comments;
  }

  parse(window: ByteWindow, out: BatchBuffer): void {
    for (;;) {
      if (this.#lostAt >= 0 && !this.#find(window)) return;
      const stop = this.#takeBlocks(window, out);
      if (stop === 'full') return;
      if (stop === 'starved' && (!window.ended || window.start === window.end)) return;
      this.#lostAt = window.offsetOf(window.start);
      this.#lostInTail = stop === 'starved';
      window.start++;
    }
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: eight plain exits of the hot loop, each one line
  #takeBlocks(window: ByteWindow, out: BatchBuffer): Stop {
    const { view } = window.bytes;
    const body = this.#body;
    while (out.count < out.capacity) {
      const at = window.start;
      this.needed = blockHeadBytes;
      if (window.end - at < blockHeadBytes) return 'starved';
      const isSection = view.getUint32(at) === blockType.section;
      const littleEndian = isSection ? sectionByteOrder(view, at) : body.littleEndian;
      if (littleEndian === undefined) return 'lost';
      const length = view.getUint32(at + 4, littleEndian);
      if (!isBlockLength(length)) return 'lost';
      this.needed = length;
      if (window.end - at < length) return 'starved';
      if (!this.#isWhole(window, at, length, littleEndian)) return 'lost';
      if (isSection) body.startSection(window, at, length, littleEndian);
      else body.take(window, at, length, out);
      window.start = at + length;
    }
    return 'full';
  }

  /** The length stands at the end of the block, too; or the next block (or the end of the file) is where the first length points. */
  #isWhole(window: ByteWindow, at: number, length: number, littleEndian: boolean): boolean {
    const { view } = window.bytes;
    if (view.getUint32(at + length - 4, littleEndian) === length) return true;
    const next = at + length;
    const rest = window.end - next;
    const isFollowed =
      rest >= 8 && isKnownBlock(view.getUint32(next, littleEndian)) && isBlockLength(view.getUint32(next + 4, littleEndian));
    if (!isFollowed && !(rest === 0 && window.ended)) return false;
    const message = 'the length at the end of a block differs from the one at its start';
    this.#context.damages.add('corrupt-block', window.offsetOf(next - 4), 0, message);
    return true;
  }

  /** Goes on with a search; true when the order of blocks is found again. */
  #find(window: ByteWindow): boolean {
    const found = this.#search.find(window, this.#body.littleEndian);
    this.needed = this.#search.needed;
    if (!found && !(window.ended && window.start === window.end)) return false;
    const skipped = window.offsetOf(window.start) - this.#lostAt;
    const { damages } = this.#context;
    if (found || !this.#lostInTail) damages.add('corrupt-block', this.#lostAt, skipped, 'no block where one is due');
    else damages.add('truncated-tail', this.#lostAt, skipped, 'the file ends inside a block');
    this.#lostAt = -1;
    return found;
  }
}
