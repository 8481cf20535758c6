// Which oddities are written, and how often: Zeek's weird.zeek. Names not listed here are written each time (but see weirds.ts).

/** Never written. */
export const ignoredWeirds: ReadonlySet<string> = new Set([
  'unsolicited_SYN_response',
  'FIN_after_reset',
  'spontaneous_FIN',
  'spontaneous_RST',
]);

/** Once per client address and day. */
export const perClientWeirds: ReadonlySet<string> = new Set([
  'bad_ICMP_checksum',
  'bad_RPC',
  'bad_TCP_checksum',
  'bad_UDP_checksum',
  'bad_IP_checksum',
  'connection_originator_SYN_ack',
  'DNS_label_forward_compress_offset',
  'DNS_label_len_gt_name_len',
  'DNS_label_len_gt_pkt',
  'DNS_label_too_long',
  'excess_RPC',
  'excessively_small_fragment',
  'FIN_storm',
  'fragment_inconsistency',
  'fragment_overlap',
  'fragment_size_inconsistency',
  'originator_RPC_reply',
  'partial_RPC',
  'responder_RPC_call',
  'successful_RPC_reply_to_invalid_request',
  'SYN_after_partial',
  'SYN_with_data',
  'UDP_datagram_length_mismatch',
]);

/** Once per connection and day. */
export const perConnectionWeirds: ReadonlySet<string> = new Set([
  'FTP_max_command_length_exceeded',
  'FTP_too_many_pending_commands',
  'FTP_user_too_long',
  'FTP_reply_msg_too_long',
  'FTP_arg_too_long',
  'FTP_password_too_long',
  'simultaneous_open',
  'smtp_mail_transaction_invalid',
  'smtp_excessive_invalid_mail_transactions',
  'smb_tree_connect_andx_response_without_tree',
]);

/** Become a notice with stock Zeek. */
export const noticedWeirds: ReadonlySet<string> = new Set(['FIN_storm', 'SYN_after_partial', 'successful_RPC_reply_to_invalid_request']);
