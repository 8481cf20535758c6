import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeBack } from './merge.ts';

const before = { securityGroups: ['inside', 'web'], allowedPairs: ['10.9.0.1'], portSecurity: true, adminUp: true };
const after = { securityGroups: ['q'], allowedPairs: [], portSecurity: true, adminUp: true };

describe('merging back', () => {
  it('gives what was, when nobody touched it', () => {
    expect(mergeBack(before, after, after)).toEqual({ state: before, notes: [] });
  });

  it('keeps a group that somebody added, and takes ours out', () => {
    const { state, notes } = mergeBack(before, after, { ...after, securityGroups: ['extra', 'q'] }) ?? {};
    expect(state).toEqual({ ...before, securityGroups: ['extra', 'inside', 'web'] });
    expect(notes).toEqual(['securityGroups becomes [extra, inside, web], since somebody set [extra, q]; before it was [inside, web]']);
  });

  it('keeps a port down that somebody put down', () => {
    const { state, notes } = mergeBack(before, after, { ...after, adminUp: false }) ?? {};
    expect(state).toEqual({ ...before, adminUp: false });
    expect(notes).toHaveLength(1);
  });

  it('has nothing to merge when the thing is gone', () => {
    expect(mergeBack(before, after, null)).toBeUndefined();
  });

  it('never leaves our group behind, and never loses theirs', () => {
    const groups = fc.subarray(['web', 'inside', 'extra', 'other']);
    fc.assert(
      fc.property(groups, groups, (had, added) => {
        const was = { securityGroups: had.toSorted() };
        const seen = { securityGroups: [...added, 'q'].toSorted() };
        const merged = mergeBack(was, { securityGroups: ['q'] }, seen)?.state?.['securityGroups'];
        expect(merged).toEqual([...new Set([...had, ...added])].toSorted());
      }),
    );
  });
});
