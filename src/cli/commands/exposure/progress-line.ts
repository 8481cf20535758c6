// One line on a terminal that tells how far a scan is; nothing elsewhere.
import type { ExposureScanRequest } from '../../../workflows/exposure/scan.ts';

export interface ProgressLine {
  readonly show: ExposureScanRequest['onProgress'];
  clear(): void;
}

/** Shortest time between two pictures. */
const pictureMs = 100;

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownAt = 0;
  let isShown = false;
  const clear = (): void => {
    if (isShown) stream.write('\r\u001b[K');
    isShown = false;
  };
  return {
    clear,
    show({ done, total, task, share, secondsLeft }) {
      const now = performance.now();
      if (stream.isTTY !== true || now - shownAt < pictureMs) return;
      shownAt = now;
      const part = share === undefined ? '' : ` ${Math.floor(share * 100)} %`;
      const left = secondsLeft === undefined ? '' : `, ${secondsLeft} s left`;
      stream.write(`\r\u001b[K${done.toLocaleString('en')} of ${total.toLocaleString('en')} addresses; ${task}${part}${left}`);
      isShown = true;
    },
  };
}
