// Port: whether a time stamp's signature and certificates lead to an authority that one trusts. Adapter: openssl/.

export interface StampChainQuestion {
  /** DER, as sent and as received. */
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  /** PEM file with the certificates of the trusted authority. */
  readonly authorityFile: string;
}

/** `good`, `bad` with the reason, or `unchecked` where nothing can check it. */
export type StampChainAnswer = { readonly chain: 'good' } | { readonly chain: 'bad' | 'unchecked'; readonly reason: string };

export type StampChainCheck = (question: StampChainQuestion) => Promise<StampChainAnswer>;
