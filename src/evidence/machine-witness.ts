// What a cloud's API can testify of a machine, collected call by call: one that fails is a gap, not the end.

import { sha256 } from './digest.ts';
import { pathPart } from './manifest.ts';
import type { Collection } from './seal-bundle.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The part of a cloud that evidence asks (a `Cloud` fits). */
export interface MachineWitness {
  readonly name: string;
  rawMachine(machineId: string): Promise<Fields>;
  rawPort(portId: string): Promise<Fields>;
  machineState(machineId: string): Promise<{ readonly ports: readonly { readonly id: string }[] }>;
  consoleOutput(machineId: string): Promise<string>;
  machineEvents(machineId: string): Promise<readonly unknown[]>;
  diagnostics(machineId: string): Promise<Fields>;
}

/** Fields that hold the tenant's secrets: first-boot scripts and passwords. */
const secretField = /(?:^|:)(?:user_?data|admin_?pass(?:word)?|personality|password)$/i;

/** The same without secrets; of those, length and hash stay, so that they can be compared. */
function withoutSecrets(value: unknown, key = ''): unknown {
  if (secretField.test(key) && value !== null && value !== undefined) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { redacted: true, characters: text.length, sha256: sha256(text) };
  }
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutSecrets(one, name)]));
}

const json = (value: unknown): string => `${JSON.stringify(withoutSecrets(value), undefined, 2)}\n`;

/** Collects everything of one machine into `cloud/<machine>/`. */
export async function collectTestimony(collection: Collection, cloud: MachineWitness, machineId: string): Promise<void> {
  const folder = `cloud/${pathPart(machineId)}`;
  const ask = async (name: string, what: string, call: () => Promise<string>): Promise<void> => {
    try {
      await collection.write(`${folder}/${name}`, await call(), { what, source: `API of ${cloud.name}` });
    } catch (error) {
      collection.miss(`${what} of ${machineId}`, (error as Error).message);
    }
  };
  // What is lost first comes first (RFC 3227 §2.1).
  await ask('diagnostics.json', 'diagnostics', async () => json(await cloud.diagnostics(machineId)));
  await ask('console.log', 'console log', () => cloud.consoleOutput(machineId));
  await ask('server.json', 'server as the API shows it', async () => json(await cloud.rawMachine(machineId)));
  await ask('events.json', 'instance actions', async () => json(await cloud.machineEvents(machineId)));
  let ports: readonly { readonly id: string }[] = [];
  await ask('state.json', 'state', async () => {
    const state = await cloud.machineState(machineId);
    ({ ports } = state);
    return json(state);
  });
  for (const { id } of ports) await ask(`port-${pathPart(id)}.json`, `port ${id}`, async () => json(await cloud.rawPort(id)));
}
