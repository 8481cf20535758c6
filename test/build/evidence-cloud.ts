// As much of a cloud as evidence asks: one machine with two ports. What is named in `failing` does not answer.
import { VedetteError } from '../../src/base/errors.ts';
import type { MachineWitness } from '../../src/evidence/machine-witness.ts';

/** A witness for machine `m-1`. */
export function evidenceCloud(failing: readonly string[] = []): MachineWitness {
  const answer = async <T>(name: string, value: T): Promise<T> => {
    if (failing.includes(name)) throw new VedetteError('cloud-forbidden', { cloud: 'lab', what: name, reason: 'HTTP 403' });
    return value;
  };
  return {
    name: 'lab',
    rawMachine: (id) =>
      answer('rawMachine', { id, name: 'web-1', 'OS-EXT-SRV-ATTR:user_data': 'I2Nsb3VkLWNvbmZpZyBwYXNzd29yZA==', adminPass: 'hunter2' }),
    rawPort: (id) => answer('rawPort', { id, mac_address: 'fa:16:3e:00:00:01' }),
    machineState: () => answer('machineState', { ports: [{ id: 'p-1' }, { id: 'p-2' }], machine: { metadata: { password: 'hunter2' } } }),
    consoleOutput: () => answer('consoleOutput', 'login: root\n'),
    machineEvents: () => answer('machineEvents', [{ action: 'create', at: '2026-11-01T00:00:00Z' }]),
    diagnostics: () => answer('diagnostics', { uptime: 4711 }),
  };
}
