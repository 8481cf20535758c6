// Types of hello extensions that are read. IANA: TLS ExtensionType Values.
export const Extension = {
  serverName: 0,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  applicationProtocols: 16,
  sessionTicket: 35,
  /** Of drafts of TLS 1.3. */
  keyShareOld: 40,
  preSharedKey: 41,
  supportedVersions: 43,
  keyShare: 51,
} as const;
