// The capture points of all files of one source; an index stays valid for good.
import type { CapturePoint } from '../../model/packet-batch.ts';

const maxPoints = 0x10000;

/** Append-only list of capture points. The same interface described again (many sections in one file) is one point. */
export class PointRegistry {
  readonly points: CapturePoint[] = [];
  readonly #indexes = new Map<string, number>();

  /** Index of a point, new or known; -1 when all 65 536 indexes are taken. */
  add(point: CapturePoint): number {
    const key = JSON.stringify([point.source, point.interfaceName, point.linkType, point.snapLength]);
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    if (this.points.length >= maxPoints) return -1;
    this.points.push(point);
    this.#indexes.set(key, this.points.length - 1);
    return this.points.length - 1;
  }
}
