// Lists of ports as people type them: `22,80,8000-8010`.
import { VedetteError } from '../base/errors.ts';

/** Sorted numbers without repetition. @throws {VedetteError} `usage` */
export function parsePorts(text: string): readonly number[] {
  const found = new Set<number>();
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || first < 1 || last > 65_535 || last < first) {
      throw new VedetteError('usage', {
        problem: `"${part}" is no port or range of ports`,
        advice: 'give numbers from 1 to 65535, such as 22,80,8000-8010',
      });
    }
    for (let port = first; port <= last; port++) found.add(port);
  }
  return [...found].sort((a, b) => a - b);
}

/** The shortest text of sorted ports. */
export function formatPorts(ports: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < ports.length; ) {
    const first = ports[i] ?? 0;
    let end = i + 1;
    while (end < ports.length && ports[end] === first + (end - i)) end++;
    parts.push(end - i === 1 ? String(first) : `${first}-${first + (end - i) - 1}`);
    i = end;
  }
  return parts.join(',');
}
