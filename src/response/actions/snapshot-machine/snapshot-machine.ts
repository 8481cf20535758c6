// Keeps the disk of a machine as an image in the responder's project that cannot be deleted, and its volumes as snapshots.
import { VedetteError } from '../../../base/errors.ts';
import type { Action } from '../../action.ts';
import type { Change } from '../../change.ts';
import { keptImage } from '../../targets/snapshot.ts';

export type SnapshotParameters = {
  /** What the image is found by later; '' for none. */
  readonly caseId: string;
};

/** Statuses in which Nova makes images. */
const imaged: readonly string[] = ['ACTIVE', 'PAUSED', 'SHUTOFF', 'SUSPENDED'];

export const snapshotMachine: Action<SnapshotParameters> = {
  name: 'snapshot-machine',
  title: 'Keeps the disk of a machine as an image that cannot be deleted.',
  permissions: [
    { service: 'compute', right: 'servers:create_image' },
    { service: 'image', right: 'modify_image' },
    { service: 'volume', right: 'create_snapshot', when: 'the machine has volumes' },
  ],
  reversible: true,
  ends: [],
  plan({ state: { machine }, identity, action }, { caseId }) {
    if (!imaged.includes(machine.status)) {
      const problem = `is ${machine.status}, of which no image can be made`;
      throw new VedetteError('containment-refused', { machine: machine.name, problem, advice: 'wait until it is running or stopped' });
    }
    const metadata = { vedette_action: action, vedette_machine: machine.id, ...(caseId !== '' && { vedette_case: caseId }) };
    const name = `vedette ${machine.name} ${action}`;
    const image: Change = {
      target: { kind: 'image', machineId: machine.id, name, metadata },
      before: null,
      after: keptImage,
      undo: 'remove',
    };
    const volumes = (machine.volumeIds ?? []).map(
      (volumeId): Change => ({
        target: { kind: 'volume-snapshot', volumeId, name, metadata },
        before: null,
        after: { made: true },
        undo: 'keep',
      }),
    );
    const warnings = [
      ...(machine.status === 'ACTIVE' ? ['the hypervisor stops it for a moment while the image is made; its memory is not kept'] : []),
      ...(identity.projectId === machine.projectId
        ? ["the image lies in the machine's own project: its members can see and unprotect it"]
        : []),
      ...(volumes.length === 0
        ? ['no volumes are attached to it, or there is no volume service: only its own disk is kept']
        : [`${volumes.length} volumes are kept as snapshots, which release does not delete`]),
    ];
    // Volumes first: they are quick, and the machine goes on writing to them.
    return Promise.resolve({ changes: [...volumes, image], warnings });
  },
};
