// Option values that several commands read.
import { InvalidArgumentError } from 'commander';

/** Gathers a repeatable option. */
export const collectTexts = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** An http or https URL. */
export function urlOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('give a URL such as http://timestamp.example.org.');
  return text;
}

/** One of these words. */
export const choiceOf =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`choose one of ${choices.join(', ')}.`);
    return found;
  };

/** A day, `YYYY-MM-DD`. */
export function dayOf(text: string): string {
  const at = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError('give a day such as 2026-12-31.');
  }
  return text;
}
