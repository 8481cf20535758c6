// The contract of a cloud, on a real OpenStack.
import { afterAll, beforeAll } from 'vitest';
import { openCloud } from '../../src/cloud/openstack/open-cloud.ts';
import type { OpenStackCloud } from '../../src/cloud/openstack/openstack-cloud.ts';
import { describeCloud } from '../contract/cloud.ts';
import { describeNeeding, testCloud } from '../support/machine.ts';

describeNeeding('OpenStack', { cloud: true }, () => {
  let cloud: OpenStackCloud;
  beforeAll(() => {
    cloud = openCloud({ name: testCloud(), version: '0.0.0-test' });
  });
  afterAll(() => cloud.close());
  describeCloud({ cloud: async () => cloud, machine: 'build-2', machineWithFloatingAddress: 'build-1' });
});
