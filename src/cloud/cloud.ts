// The port to a cloud: what it consists of, what one machine looks like now, and the calls that change it. Calls are values, so that
// a plan can be shown, stored, carried out once and undone; adapters only carry them out.
import type {
  AllowedPair,
  FloatingAddress,
  Image,
  InventoryEvent,
  InventoryKind,
  Machine,
  Port,
  Router,
  SecurityGroup,
  SecurityRule,
} from '../model/inventory.ts';

/** A change to the cloud. Each has one API call. */
export type CloudCall =
  | {
      readonly call: 'update-port';
      readonly portId: string;
      readonly set: {
        readonly securityGroupIds?: readonly string[];
        readonly allowedPairs?: readonly AllowedPair[];
        readonly portSecurity?: boolean;
        readonly adminUp?: boolean;
      };
      /** Refused (`cloud-conflict`) when the port's revision is another; a provider need not look when nothing would change. */
      readonly ifRevision?: number;
    }
  | { readonly call: 'create-security-group'; readonly name: string; readonly description: string; readonly projectId: string }
  | { readonly call: 'delete-security-group'; readonly groupId: string }
  | { readonly call: 'create-security-rule'; readonly rule: Omit<SecurityRule, 'id'> }
  | { readonly call: 'delete-security-rule'; readonly ruleId: string }
  | {
      readonly call: 'update-floating-address';
      readonly floatingAddressId: string;
      readonly portId: string | null;
      readonly fixedAddress?: string;
    }
  | { readonly call: 'pause' | 'unpause' | 'unlock'; readonly machineId: string }
  | { readonly call: 'lock'; readonly machineId: string; readonly reason: string }
  | {
      readonly call: 'create-image';
      readonly machineId: string;
      readonly name: string;
      readonly metadata: Readonly<Record<string, string>>;
    }
  | { readonly call: 'protect-image'; readonly imageId: string; readonly protected: boolean }
  | { readonly call: 'delete-image'; readonly imageId: string }
  | {
      readonly call: 'create-volume-snapshot';
      readonly volumeId: string;
      readonly name: string;
      readonly metadata: Readonly<Record<string, string>>;
    };

/** What a call gave back. */
export interface CallResult {
  /** Of what was made, for calls that make something. */
  readonly id?: string;
  /** The port as it is now, for `update-port`. */
  readonly port?: Port;
  /** The image when it was complete, with its checksum, for `create-image`. */
  readonly image?: Image;
  /** The provider's id of the request, for its own logs. */
  readonly requestId?: string;
}

/** A call as it would go over the wire; secrets are never in it. */
export interface WireCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A mirror of a port; see capabilities S2. `sourcePortId` is watched. */
export interface TapFlow {
  readonly id: string;
  readonly name: string;
  readonly sourcePortId: string;
  readonly serviceId: string;
  readonly direction: 'both' | 'toVm' | 'fromVm';
  readonly status: string;
}

/** One thing that was done to a machine through the API. */
export interface MachineEvent {
  readonly action: string;
  readonly at: string;
  readonly userId?: string;
  readonly projectId?: string;
  readonly requestId?: string;
  readonly message?: string;
}

/** Which cloud is meant. */
export interface CloudChoice {
  /** Named on the command line; wins over everything. */
  readonly name?: string;
  /** Named in vedette.yaml; the environment wins over it. */
  readonly configured?: string;
}

/** Who we are to the cloud. */
export interface CloudIdentity {
  readonly userId: string;
  readonly userName: string;
  readonly projectId?: string;
  readonly projectName?: string;
  readonly roles: readonly string[];
  /** Sees and changes every project. */
  readonly isAdmin: boolean;
}

/** A machine with everything that containment must handle, as of now. */
export interface MachineState {
  readonly machine: Machine;
  /** All of them, subports of its trunks included. */
  readonly ports: readonly Port[];
  readonly floatingAddresses: readonly FloatingAddress[];
  readonly tapFlows: readonly TapFlow[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly routers: readonly Router[];
}

/**
 * A cloud. All methods throw `VedetteError` of kind `unavailable` (no answer, expired and not renewable), `refused` (no right,
 * conflict, quota) or `input` (wrong credentials, unknown item); never with a secret in it.
 */
export interface Cloud {
  readonly name: string;
  readonly provider: 'openstack' | 'fake';
  identity(): Promise<CloudIdentity>;
  /**
   * Reads kinds (default: all) page by page; memory is one page, whatever the size of the cloud. A kind that cannot be read becomes a
   * gap, never an exception; who we are must be known first, and an aborted reading ends with the signal's reason.
   */
  readInventory(kinds?: readonly InventoryKind[], signal?: AbortSignal): AsyncIterable<InventoryEvent>;
  /** Machines whose id, name, or one of whose addresses (fixed, floating) or MACs is this. */
  findMachines(text: string): Promise<readonly Machine[]>;
  /** @throws {VedetteError} `machine-unknown` */
  machineState(machineId: string): Promise<MachineState>;
  securityGroup(groupId: string): Promise<SecurityGroup>;
  findSecurityGroups(name: string, projectId: string): Promise<readonly SecurityGroup[]>;
  port(portId: string): Promise<Port>;
  image(imageId: string): Promise<Image>;
  /** Last lines of the console. */
  consoleOutput(machineId: string, lines?: number): Promise<string>;
  machineEvents(machineId: string): Promise<readonly MachineEvent[]>;
  diagnostics(machineId: string): Promise<Readonly<Record<string, unknown>>>;
  /** The provider's own JSON of a port and of a machine, for evidence and for comparing byte for byte. */
  rawPort(portId: string): Promise<Readonly<Record<string, unknown>>>;
  rawMachine(machineId: string): Promise<Readonly<Record<string, unknown>>>;
  /** How the call would look; nothing is sent. */
  describe(call: CloudCall): Promise<WireCall>;
  /** Carries a call out, to its end: an image is there, a machine is paused. Bounded in time. */
  perform(call: CloudCall): Promise<CallResult>;
  /** Lets go of connections. */
  close?(): Promise<void>;
}
