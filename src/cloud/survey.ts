// What a cloud says of itself before anything is read: who we are there, what answers, what we may see. For `vedette cloud check`.
import type { InventoryGap, InventoryKind } from '../model/inventory.ts';
import type { CloudIdentity } from './cloud.ts';

/** One service of the cloud's catalogue. */
export interface CloudService {
  /** `compute`, `network`, … in the provider's words. */
  readonly type: string;
  /** Absent when the catalogue lacks it. */
  readonly url?: string;
  /** Version that we speak with it, when it has several. */
  readonly version?: string;
  /** Versions that it offers. */
  readonly offers?: string;
  /** Why it does not answer; absent when it does. */
  readonly problem?: string;
  readonly latencyMs?: number;
}

/** What may be seen of a kind: everything there is, a part (see `gaps`), or nothing. */
export interface KindAccess {
  readonly kind: InventoryKind;
  readonly sees: 'everything' | 'part' | 'nothing';
}

export interface CloudSurvey {
  readonly identity: CloudIdentity;
  /** What the credentials are good for: `project acme-web`, `system`, … */
  readonly scope: string;
  /** When the token ends, by our clock; ISO 8601. */
  readonly tokenExpiresAt?: string;
  readonly services: readonly CloudService[];
  readonly kinds: readonly KindAccess[];
  readonly gaps: readonly InventoryGap[];
  /**
   * By the provider's usual policies, whose machines these credentials may change. `perhaps own project`: the role is one for reading,
   * but policies of older releases let every role of a project change what is in it.
   */
  readonly mayChange: 'every project' | 'own project' | 'perhaps own project' | 'nothing';
  /** The cloud's clock minus ours; absent when no answer had a date. */
  readonly clockOffsetMs?: number;
  /** How far the true offset may lie from it. */
  readonly clockErrorMs?: number;
}

/** A cloud that can be surveyed. */
export interface SurveyedCloud {
  readonly name: string;
  /** Asks every service once, and each kind for one item. */
  survey(): Promise<CloudSurvey>;
  close?(): Promise<void>;
}
