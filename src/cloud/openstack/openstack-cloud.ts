// The port to a cloud, for OpenStack: a thin face over the readers and calls beside it.
import type { Image, InventoryEvent, InventoryKind, Machine, Port, SecurityGroup } from '../../model/inventory.ts';
import type { CallResult, Cloud, CloudCall, CloudIdentity, MachineEvent, MachineState, WireCall } from '../cloud.ts';
import type { HttpClient } from '../http.ts';
import type { CloudRuntime } from '../runtime.ts';
import type { CloudSurvey, SurveyedCloud } from '../survey.ts';
import { type OpenStackApi, path } from './api.ts';
import { machineEventOf } from './compute-mapping.ts';
import { findMachines } from './find-machines.ts';
import { imageOf } from './identity-mapping.ts';
import { asObject, type JsonObject, optionalText, text } from './json.ts';
import { machineStateOf } from './machine-state.ts';
import { atLeastVersion, microversionOf } from './microversions.ts';
import { portOf, securityGroupOf, subportsOf } from './network-mapping.ts';
import { networkLists } from './network-readers.ts';
import { listWhere, pagesOf } from './paging.ts';
import { describeRequest, performCall } from './perform-call.ts';
import { readInventory } from './read-inventory.ts';
import { surveyCloud } from './survey-cloud.ts';

/** What the cloud is made of; see open-cloud.ts. */
export interface OpenStackParts {
  readonly api: OpenStackApi;
  readonly http: HttpClient;
  readonly runtime: CloudRuntime;
}

/** An OpenStack cloud as one user sees it. Opens nothing before the first question. */
export class OpenStackCloud implements Cloud, SurveyedCloud {
  readonly provider = 'openstack';
  readonly name: string;
  readonly #api: OpenStackApi;
  readonly #http: HttpClient;
  readonly #runtime: CloudRuntime;

  constructor({ api, http, runtime }: OpenStackParts) {
    this.name = api.cloud;
    this.#api = api;
    this.#http = http;
    this.#runtime = runtime;
  }

  async identity(): Promise<CloudIdentity> {
    return (await this.#api.grant()).identity;
  }

  async *readInventory(kinds?: readonly InventoryKind[], signal?: AbortSignal): AsyncGenerator<InventoryEvent> {
    const grant = await this.#api.grant();
    yield* readInventory(kinds, { api: this.#api, grant, ...(signal && { signal }) });
  }

  findMachines(wanted: string): Promise<readonly Machine[]> {
    return findMachines(this.#api, wanted);
  }

  machineState(machineId: string): Promise<MachineState> {
    return machineStateOf(this.#api, machineId);
  }

  async securityGroup(groupId: string): Promise<SecurityGroup> {
    return securityGroupOf(await this.#one('network', path`/security-groups/${groupId}`, 'security_group', `security group ${groupId}`));
  }

  async findSecurityGroups(name: string, projectId: string): Promise<readonly SecurityGroup[]> {
    const found = await listWhere(this.#api, { ...networkLists.securityGroups, query: { project_id: projectId } }, 'name', [name]);
    return found.map(securityGroupOf);
  }

  async port(portId: string): Promise<Port> {
    const raw = await this.rawPort(portId);
    if (text(raw, 'device_owner') !== 'trunk:subport') return portOf(raw);
    const trunks = await listWhere(this.#api, networkLists.trunks, 'id', [text(raw, 'device_id')]);
    return portOf(raw, new Map(trunks.flatMap(subportsOf)).get(portId));
  }

  async image(imageId: string): Promise<Image> {
    return imageOf(await this.#api.get('image', path`/images/${imageId}`, `image ${imageId}`));
  }

  async consoleOutput(machineId: string, lines?: number): Promise<string> {
    const { body } = await this.#api.call({
      service: 'compute',
      method: 'POST',
      path: path`/servers/${machineId}/action`,
      body: { 'os-getConsoleOutput': lines === undefined ? {} : { length: lines } },
      what: `the console of machine ${machineId}`,
      // It only reads.
      idempotent: true,
    });
    return text(body, 'output');
  }

  async machineEvents(machineId: string): Promise<readonly MachineEvent[]> {
    const list = {
      service: 'compute',
      path: path`/servers/${machineId}/os-instance-actions`,
      key: 'instanceActions',
      what: `the events of machine ${machineId}`,
      paged: atLeastVersion(await this.#api.microversion(), microversionOf.actionPages),
      idOf: (item: JsonObject) => optionalText(item, 'request_id'),
    } as const;
    const events: MachineEvent[] = [];
    for await (const page of pagesOf(this.#api, list)) events.push(...page.map(machineEventOf));
    return events;
  }

  diagnostics(machineId: string): Promise<JsonObject> {
    return this.#api.get('compute', path`/servers/${machineId}/diagnostics`, `the diagnostics of machine ${machineId}`);
  }

  rawPort(portId: string): Promise<JsonObject> {
    return this.#one('network', path`/ports/${portId}`, 'port', `port ${portId}`);
  }

  rawMachine(machineId: string): Promise<JsonObject> {
    return this.#one('compute', path`/servers/${machineId}`, 'server', `machine ${machineId}`);
  }

  async describe(call: CloudCall): Promise<WireCall> {
    return this.#api.wire(await describeRequest(this.#api, call));
  }

  perform(call: CloudCall): Promise<CallResult> {
    return performCall(this.#api, this.#runtime, call);
  }

  survey(): Promise<CloudSurvey> {
    return surveyCloud(this.#api, this.#http, this.#runtime);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #one(service: 'network' | 'compute', where: string, key: string, what: string): Promise<JsonObject> {
    return asObject((await this.#api.get(service, where, what))[key]);
  }
}
