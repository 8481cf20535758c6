import { describe, expect, test } from 'vitest';
import { capturePoint } from '../../../test/build/frames.ts';
import { ContextKind, Contexts } from './contexts.ts';

const { vlan, innerVlan, vxlan, erspan, pair } = ContextKind;

describe('texts', () => {
  test('the plain space of the only capture point has none', () => {
    const contexts = new Contexts();
    expect(contexts.text(contexts.point(0, capturePoint()))).toBeUndefined();
  });

  test('identifiers are named, outermost first', () => {
    const contexts = new Contexts();
    const point = contexts.point(0, capturePoint({ interfaceName: 'eth0' }));
    expect(contexts.text(contexts.child(point, vxlan, 11))).toBe('vxlan:11');
    expect(contexts.text(contexts.child(contexts.child(point, vlan, 100), innerVlan, 7))).toBe('vlan:100/inner-vlan:7');
  });

  test('capture points are named when there are several', () => {
    const contexts = new Contexts();
    const first = contexts.point(0, capturePoint({ interfaceName: 'qr-6a8a7e66-52' }));
    expect(contexts.text(first)).toBeUndefined();
    const second = contexts.point(1, capturePoint({ source: '/tmp/two.pcap' }));
    expect(contexts.text(first)).toBe('qr-6a8a7e66-52');
    expect(contexts.text(contexts.child(second, vlan, 5))).toBe('two.pcap/vlan:5');
  });

  test('united spaces are named by the most telling one', () => {
    const contexts = new Contexts();
    const point = contexts.point(0, capturePoint());
    const mirrored = contexts.child(point, vxlan, 11);
    contexts.unite(point, mirrored);
    expect(contexts.text(point)).toBe('vxlan:11');
  });
});

describe('uniting', () => {
  test('two capture points that saw one packet become one, with the spaces inside them', () => {
    const united: number[][] = [];
    const contexts = new Contexts((from, to) => united.push([from, to]));
    const a = contexts.point(0, capturePoint());
    const b = contexts.point(1, capturePoint());
    const inA = contexts.child(a, vlan, 5);
    const inB = contexts.child(b, vlan, 5);
    const onlyInB = contexts.child(b, vlan, 6);
    expect(contexts.unite(b, a)).toBe(a);
    expect(contexts.point(1, capturePoint())).toBe(a);
    expect(contexts.canonical(inB)).toBe(inA);
    expect(contexts.child(a, vlan, 6)).toBe(onlyInB);
    expect(united).toEqual([
      [b, a],
      [inB, inA],
    ]);
  });

  test('spaces with different identifiers of one kind never unite', () => {
    const contexts = new Contexts();
    const point = contexts.point(0, capturePoint());
    const eleven = contexts.child(point, vxlan, 11);
    const twelve = contexts.child(point, vxlan, 12);
    expect(contexts.unite(eleven, twelve)).toBe(-1);
    expect(contexts.unite(point, eleven)).toBe(point);
    // Not through a third one either.
    expect(contexts.unite(point, twelve)).toBe(-1);
    expect(contexts.canonical(twelve)).toBe(twelve);
  });

  test('identifiers of different kinds do not contradict each other', () => {
    const contexts = new Contexts();
    const point = contexts.point(0, capturePoint());
    expect(contexts.unite(contexts.child(point, vxlan, 11), contexts.child(point, erspan, 12))).toBeGreaterThan(0);
  });

  test('directions unite siblings only, and only while neither is complete', () => {
    const contexts = new Contexts();
    const point = contexts.point(0, capturePoint());
    const [one, two, three] = [1, 2, 3].map((id) => contexts.child(point, erspan, id)) as [number, number, number];
    expect(contexts.uniteDirections(one, contexts.child(point, pair, 1), true)).toBe(-1);
    expect(contexts.uniteDirections(one, contexts.child(contexts.child(point, vlan, 5), vxlan, 5), true)).toBe(-1);
    expect(contexts.uniteDirections(one, two, false)).toBe(one);
    expect(contexts.uniteDirections(one, three, true)).toBe(-1);
  });

  test('VLANs that a router joins unite by proof although complete; a tag may be missing in one direction', () => {
    const contexts = new Contexts();
    const point = contexts.point(0, capturePoint());
    const [ten, twenty] = [10, 20].map((id) => contexts.child(point, vlan, id)) as [number, number];
    contexts.markComplete(ten);
    expect(contexts.uniteDirections(ten, twenty, false)).toBe(-1);
    expect(contexts.uniteDirections(ten, twenty, true)).toBe(ten);
    expect(contexts.uniteDirections(point, contexts.child(point, vlan, 30), true)).toBe(point);
  });

  test('outer tags may differ around equal inner ones', () => {
    const contexts = new Contexts();
    const point = contexts.point(0, capturePoint());
    const a = contexts.child(contexts.child(point, vlan, 1041), innerVlan, 120);
    const b = contexts.child(contexts.child(point, vlan, 1042), innerVlan, 120);
    expect(contexts.areSiblings(a, b)).toBe(true);
    expect(contexts.areSiblings(a, contexts.child(contexts.child(point, vlan, 1042), innerVlan, 121))).toBe(false);
  });
});

test('a million identifiers fill the registry and no more; further ones fall back to what is around them', () => {
  const contexts = new Contexts();
  const point = contexts.point(0, capturePoint());
  for (let id = 0; id < 1_000_000; id++) contexts.child(point, vxlan, id);
  expect(contexts.count).toBe(65_536);
  expect(contexts.overflows).toBe(1_000_000 - 65_535);
  expect(contexts.child(point, vxlan, 999_999)).toBe(point);
  expect(contexts.text(contexts.child(point, vxlan, 100))).toBe('vxlan:100');
});
