// Security groups by id, and how many addresses each has as members.
import type { Groups } from '../../exposure/intended.ts';
import type { Port, SecurityGroup } from '../../model/inventory.ts';

export class GroupIndex implements Groups {
  readonly group: (id: string) => SecurityGroup | undefined;
  readonly #members = new Map<string, number>();

  constructor(group: (id: string) => SecurityGroup | undefined, ports: readonly Port[]) {
    this.group = group;
    for (const { securityGroupIds, fixed } of ports) {
      for (const id of securityGroupIds) this.#members.set(id, (this.#members.get(id) ?? 0) + fixed.length);
    }
  }

  memberCount(groupId: string): number {
    return this.#members.get(groupId) ?? 0;
  }
}
