// Arguments of the exposure commands.
import { InvalidArgumentError } from 'commander';
import { VedetteError } from '../../../base/errors.ts';
import { parseAddress } from '../../../base/ip.ts';
import { parseDuration } from '../../../base/parse-instant.ts';
import type { Transport } from '../../../model/exposure.ts';
import { standardState } from '../../../workflows/inventory.ts';

export const stateOption = ['--state <dir>', `state directory with the archive (standard: ${standardState})`, standardState] as const;

/** A whole number from `least` on. */
export const numberArgument =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`give a whole number from ${least} to ${most}.`);
    return value;
  };

export const oneOf =
  <T extends string>(...choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`choose one of ${choices.join(', ')}.`);
    return found;
  };

/** `203.0.113.7:8080`, `[2001:db8::1]:53/udp`. @throws {VedetteError} `usage` */
export function endArgument(text: string): { readonly address: string; readonly protocol: Transport; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})(?:\/(tcp|udp))?$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (match === null || parseAddress(address) === undefined || port < 1 || port > 65_535) {
    const advice = 'give ADDRESS:PORT such as 203.0.113.7:8080, or [2001:db8::1]:53/udp';
    throw new VedetteError('usage', { problem: `"${text}" is no port of an address`, advice });
  }
  return { address, protocol: match[4] === 'udp' ? 'udp' : 'tcp', port };
}

/** `2027-06-30`, or `90d` from now. */
export function expiryArgument(text: string): string {
  const seconds = parseDuration(text);
  const date = seconds === undefined ? text : new Date(Date.now() + seconds * 1000).toISOString().slice(0, 10);
  const isDate = /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date)) && new Date(date).toISOString().startsWith(date);
  if (!isDate) throw new InvalidArgumentError(`"${text}" is no date such as 2027-06-30 and no length of time such as 90d.`);
  return date;
}
