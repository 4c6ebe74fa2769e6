namespace Beacon.Collectors.Parsers.Zeek;

/// <summary>Tells a log by its fields where Zeek was not told to write <c>_path</c>.</summary>
internal static class ZeekShape
{
    // The first whose fields are all there; the more special ones come first. Protocols of ICSNPP included.
    private static readonly (string Log, string[] Fields)[] Shapes =
    [
        ("modbus_detailed", ["func", "tid", "request_response"]), ("modbus_detailed", ["func", "network_direction", "address"]), ("modbus_read_write_multiple_registers", ["write_start_address", "read_start_address"]),
        ("modbus_mask_write_register", ["and_mask", "or_mask"]), ("modbus", ["func", "id.orig_h"]),
        ("dnp3_control", ["block_type", "trip_control_code"]), ("dnp3_objects", ["object_type", "object_count"]), ("dnp3", ["fc_request", "iin"]),
        ("s7comm_plus", ["pdu_type", "opcode_name", "functions"]), ("s7comm", ["rosctr_code", "rosctr_name"]), ("cotp", ["pdu_code", "pdu_name"]),
        ("cip", ["cip_sequence_count", "class_id"]), ("enip", ["enip_command", "enip_status"]), ("bacnet", ["bvlc_function", "pdu_type"]),
        ("dns", ["query", "qtype"]), ("dns", ["trans_id", "rcode"]), ("http", ["method", "uri"]), ("http", ["status_code", "resp_fuids"]), ("http", ["trans_depth", "request_body_len"]),
        ("ssl", ["cipher", "established"]), ("ssl", ["resumed", "established"]), ("ssh", ["auth_attempts"]), ("ssh", ["client", "cipher_alg"]), ("smtp", ["helo", "trans_depth"]), ("smtp", ["is_webmail"]),
        ("notice", ["note", "actions"]), ("weird", ["name", "notice", "peer"]), ("x509", ["certificate.serial"]), ("files", ["fuid", "analyzers"]), ("files", ["fuid", "source", "depth"]),
        ("kerberos", ["request_type", "service"]), ("ntlm", ["server_nb_computer_name"]), ("rdp", ["cookie", "security_protocol"]), ("rdp", ["result", "cert_count"]), ("snmp", ["community", "get_requests"]),
        ("ntp", ["stratum", "ref_id"]), ("ftp", ["command", "reply_code"]), ("syslog", ["facility", "severity", "message"]), ("dhcp", ["uids", "msg_types"]), ("conn", ["conn_state"]), ("conn", ["missed_bytes", "orig_pkts"]),
    ];

    /// <summary>Name of the log, or "unknown".</summary>
    public static string LogOf(Func<string, bool> has)
    {
        foreach (var (log, fields) in Shapes) if (Array.TrueForAll(fields, f => has(f))) return log;
        return "unknown";
    }
}
