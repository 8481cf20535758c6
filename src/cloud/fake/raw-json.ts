// The fake's items as Neutron and Nova would print them.
import type { Machine, Port } from '../../model/inventory.ts';

/** A port as in `GET /v2.0/ports/ID`. */
export function rawPort(port: Port): Readonly<Record<string, unknown>> {
  return {
    id: port.id,
    name: port.name,
    project_id: port.projectId,
    network_id: port.networkId,
    mac_address: port.mac,
    fixed_ips: port.fixed.map(({ address, subnetId }) => ({ ip_address: address, subnet_id: subnetId })),
    allowed_address_pairs: port.allowedPairs.map(({ address, mac }) => ({ ip_address: address, mac_address: mac ?? port.mac })),
    port_security_enabled: port.portSecurity,
    security_groups: port.securityGroupIds,
    device_id: port.deviceId,
    device_owner: port.deviceOwner,
    admin_state_up: port.adminUp,
    status: port.status,
    revision_number: port.revision,
  };
}

/** A machine as in `GET /servers/ID`. */
export function rawMachine(machine: Machine): Readonly<Record<string, unknown>> {
  return {
    id: machine.id,
    name: machine.name,
    tenant_id: machine.projectId,
    status: machine.status,
    locked: machine.locked ?? false,
    locked_reason: machine.lockedReason ?? null,
    metadata: machine.metadata,
  };
}
