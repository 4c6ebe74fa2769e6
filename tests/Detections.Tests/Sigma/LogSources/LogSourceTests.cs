using Beacon.Detections.Matching;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Tests.Sigma.Pipelines;

namespace Beacon.Detections.Tests.Sigma.LogSources;

/// <summary>For every product an event as a parser or a shipper gives it, and what it must and must not match.</summary>
public sealed class LogSourceTests
{
    private const string Sysmon = "winlog.channel=Microsoft-Windows-Sysmon/Operational;";

    [Theory]
    [InlineData("{product: windows, category: process_creation}", "{Image|endswith: cmd.exe}", Sysmon + "winlog.event_id=#1;winlog.event_data.Image=C:\\cmd.exe", Sysmon + "winlog.event_id=#5;winlog.event_data.Image=C:\\cmd.exe")]
    [InlineData("{product: windows, service: security}", "{EventID: 4625, LogonType: 3}", "winlog.channel=Security;winlog.event_id=#4625;winlog.event_data.LogonType=#3", "winlog.channel=System;winlog.event_id=#4625;winlog.event_data.LogonType=#3")]
    [InlineData("{product: windows, category: ps_script}", "{ScriptBlockText|contains: iex}", "winlog.channel=PowerShellCore/Operational;winlog.event_id=#4104;winlog.event_data.ScriptBlockText=iex x", "winlog.channel=PowerShellCore/Operational;winlog.event_id=#4103;winlog.event_data.ScriptBlockText=iex x")]
    [InlineData("{product: windows, category: registry_event}", "{TargetObject|contains: Run}", Sysmon + "winlog.event_id=#14;winlog.event_data.TargetObject=HKLM\\Run", Sysmon + "winlog.event_id=#15;winlog.event_data.TargetObject=HKLM\\Run")]
    [InlineData("{product: windows}", "{Provider_Name: X}", "winlog.channel=Any;winlog.provider_name=X", "event.provider=X")]
    [InlineData("{product: linux, category: process_creation}", "{Image|endswith: /nc}", "event.category=process;event.type=start;host.os.type=linux;process.executable=/bin/nc", "event.category=process;event.type=end;host.os.type=linux;process.executable=/bin/nc")]
    [InlineData("{product: macos, category: file_event}", "{TargetFilename|contains: LaunchAgents}", "event.category=file;event.type=creation;host.os.type=macos;file.path=/Library/LaunchAgents/x", "event.category=file;event.type=creation;host.os.type=linux;file.path=/Library/LaunchAgents/x")]
    [InlineData("{product: linux, category: network_connection}", "{DestinationHostname: x.example}", "event.category=network;host.os.type=linux;destination.domain=x.example", "event.category=network;host.os.type=macos;destination.domain=x.example")]
    [InlineData("{product: linux, service: auditd}", "{type: SYSCALL, a0: '7', exe: /bin/x}", "event.module=auditd;auditd.log.record_type=SYSCALL;auditd.log.a0=7;process.executable=/bin/x", "event.module=sshd;auditd.log.record_type=SYSCALL;auditd.log.a0=7;process.executable=/bin/x")]
    [InlineData("{product: linux, service: sshd}", "[error in libcrypto]", "event.module=sshd;message=ssh: error in libcrypto", "event.module=sudo;message=ssh: error in libcrypto")]
    [InlineData("{product: linux, service: sudo}", "{USER: '#-*'}", "log.syslog.appname=sudo;user.effective.name=##-1", "log.syslog.appname=su;user.effective.name=##-1")]
    [InlineData("{product: linux, service: cron}", "[REPLACE]", "log.syslog.appname=crond;message=(x) REPLACE (x)", "log.syslog.appname=sshd;message=(x) REPLACE (x)")]
    [InlineData("{product: linux, service: vsftpd}", "[refused]", "log.syslog.appname=vsftpd;message=connection refused", "log.syslog.appname=ftp;message=connection refused")]
    [InlineData("{product: linux}", "[rootkit]", "log.syslog.appname=kernel;message=a rootkit", "winlog.channel=X;message=a rootkit")]
    [InlineData("{product: zeek, service: dns}", "{query|endswith: .bad, id.resp_p: 53}", "event.dataset=zeek.dns;zeek.dns.query=a.bad;destination.port=#53", "event.dataset=zeek.http;zeek.dns.query=a.bad;destination.port=#53")]
    [InlineData("{product: zeek, service: modbus_detailed}", "{func: WRITE}", "zeek.log=modbus_detailed;zeek.modbus_detailed.func=WRITE", "zeek.log=modbus;zeek.modbus_detailed.func=WRITE")]
    [InlineData("{product: zeek}", "{id.orig_h: 10.0.0.1}", "event.module=zeek;source.ip=10.0.0.1", "source.ip=10.0.0.1")]
    [InlineData("{category: webserver}", "{cs-uri-query|contains: union, sc-status: 200}", "event.dataset=nginx.access;url.original=/x?union;http.response.status_code=#200", "event.dataset=nginx.error;url.original=/x?union;http.response.status_code=#200")]
    [InlineData("{product: apache, category: webserver}", "{cs-method: PUT}", "event.module=apache;http.request.method=PUT", "event.module=nginx;http.request.method=PUT")]
    [InlineData("{service: nginx}", "[segfault]", "event.module=nginx;message=a segfault", "event.module=apache;message=a segfault")]
    [InlineData("{category: proxy}", "{c-uri|contains: .exe, c-useragent: evil}", "event.module=squid;url.full=http://x/a.exe;user_agent.original=evil", "event.module=nginx;url.full=http://x/a.exe;user_agent.original=evil")]
    [InlineData("{category: dns}", "{query: x.bad, record_type: TXT}", "dns.question.name=x.bad;dns.question.type=TXT", "dns.question.name=x.bad;dns.question.type=A")]
    [InlineData("{category: firewall}", "{dst_port: 22, action: accept}", "observer.type=firewall;destination.port=#22;event.action=accept", "observer.type=ids;destination.port=#22;event.action=accept")]
    [InlineData("{category: antivirus}", "{Signature|contains: Mimikatz}", "event.category=malware;rule.name=HackTool.Mimikatz", "event.category=file;rule.name=HackTool.Mimikatz")]
    [InlineData("{category: database}", "[drop table]", "event.module=postgresql;message=drop table x", "event.module=nginx;message=drop table x")]
    [InlineData("{product: django, category: application}", "[SuspiciousOperation]", "service.type=django;message=SuspiciousOperation", "service.type=spring;message=SuspiciousOperation")]
    [InlineData("{product: jvm, category: application}", "[ProcessImpl]", "service.language.name=java;message=java.lang.ProcessImpl", "service.language.name=go;message=java.lang.ProcessImpl")]
    [InlineData("{product: opencanary, category: application}", "{logtype: 5005}", "event.module=opencanary;opencanary.logtype=#5005", "event.module=opencanary;opencanary.logtype=#3000")]
    [InlineData("{product: rpc_firewall, category: application}", "{EventLog: RPCFW, EventID: 3, OpNum: [0, 1]}", "winlog.channel=RPCFW;winlog.event_id=#3;winlog.event_data.OpNum=1", "winlog.channel=RPCFW;winlog.event_id=#3;winlog.event_data.OpNum=2")]
    [InlineData("{product: aws, service: cloudtrail}", "{eventSource: iam.amazonaws.com, eventName: CreateUser, requestParameters.userName: x}", "event.dataset=aws.cloudtrail;event.provider=iam.amazonaws.com;event.action=CreateUser;aws.cloudtrail.flattened.request_parameters.userName=x", "event.dataset=aws.vpcflow;event.provider=iam.amazonaws.com;event.action=CreateUser;aws.cloudtrail.flattened.request_parameters.userName=x")]
    [InlineData("{product: azure, service: activitylogs}", "{operationName: MICROSOFT.KEYVAULT/VAULTS/WRITE}", "event.dataset=azure.activitylogs;azure.activitylogs.operation_name=Microsoft.KeyVault/vaults/write", "event.dataset=azure.auditlogs;azure.activitylogs.operation_name=Microsoft.KeyVault/vaults/write")]
    [InlineData("{product: azure, service: auditlogs}", "{Category: UserManagement, properties.message: Add user}", "event.dataset=azure.auditlogs;azure.auditlogs.properties.category=UserManagement;azure.auditlogs.properties.activity_display_name=Add user", "event.dataset=azure.auditlogs;azure.auditlogs.properties.category=Policy;azure.auditlogs.properties.activity_display_name=Add user")]
    [InlineData("{product: azure, service: signinlogs}", "{ResultType: 50126, DeviceDetail.deviceId: ''}", "event.dataset=azure.signinlogs;azure.signinlogs.result_type=50126;azure.signinlogs.properties.device_detail.device_id=", "event.dataset=azure.signinlogs;azure.signinlogs.result_type=0;azure.signinlogs.properties.device_detail.device_id=")]
    [InlineData("{product: azure, service: riskdetection}", "{riskEventType: leakedCredentials}", "event.dataset=azure.identity_protection;azure.identityprotection.properties.risk_event_type=leakedCredentials", "event.dataset=azure.signinlogs;azure.identityprotection.properties.risk_event_type=leakedCredentials")]
    [InlineData("{product: gcp, service: gcp.audit}", "{gcp.audit.method_name: 'v*.Compute.Firewalls.Delete', data.protoPayload.authorizationInfo.granted: 'true'}", "event.dataset=gcp.audit;gcp.audit.method_name=v1.compute.firewalls.delete;gcp.audit.authorization_info.granted=true", "event.dataset=gcp.audit;gcp.audit.method_name=v1.compute.firewalls.delete;gcp.audit.authorization_info.granted=false")]
    [InlineData("{product: gcp, service: google_workspace.admin}", "{eventService: admin.googleapis.com, eventName: CREATE_ROLE}", "event.dataset=gcp.audit;gcp.audit.service_name=admin.googleapis.com;gcp.audit.protoPayload.metadata.event.eventName=CREATE_ROLE", "event.dataset=gcp.audit;gcp.audit.service_name=login.googleapis.com;gcp.audit.protoPayload.metadata.event.eventName=CREATE_ROLE")]
    [InlineData("{product: kubernetes, category: application, service: audit}", "{verb: create, objectRef.resource: pods, hostPath: '*'}", "event.dataset=kubernetes.audit_logs;kubernetes.audit.verb=create;kubernetes.audit.objectRef.resource=pods;kubernetes.audit.requestObject.spec.volumes.hostPath.path=/", "event.dataset=kubernetes.audit_logs;kubernetes.audit.verb=create;kubernetes.audit.objectRef.resource=pods")]
    [InlineData("{product: okta, service: okta}", "{eventType: user.session.start, securityContext.isProxy: 'true'}", "event.dataset=okta.system;event.action=user.session.start;okta.security_context.is_proxy=true", "event.dataset=okta.system;event.action=user.session.start;okta.security_context.is_proxy=false")]
    [InlineData("{product: onelogin, service: onelogin.events}", "{event_type_id: 532}", "event.dataset=onelogin.events;onelogin.event_type_id=#532", "event.dataset=onelogin.events;onelogin.event_type_id=#5")]
    [InlineData("{product: m365, service: audit}", "{Operation: New-InboxRule, Parameters|contains: MoveToFolder}", "event.dataset=o365.audit;o365.audit.Operation=New-InboxRule;o365.audit.Parameters.Name=MoveToFolder", "event.dataset=o365.audit;o365.audit.Operation=New-InboxRule;o365.audit.Parameters.Name=From")]
    [InlineData("{product: m365, service: threat_management}", "{eventSource: SecurityComplianceCenter, eventName: Impossible travel activity, status: success}", "event.dataset=o365.audit;o365.audit.Workload=SecurityComplianceCenter;o365.audit.Name=Impossible travel activity;event.outcome=success", "event.dataset=o365.audit;o365.audit.Workload=Exchange;o365.audit.Name=Impossible travel activity;event.outcome=success")]
    [InlineData("{product: github, service: audit}", "{action: repo.archived}", "event.dataset=github.audit;event.action=repo.archived", "event.dataset=github.audit;event.action=repo.create")]
    [InlineData("{product: bitbucket, service: audit}", "{auditType.action: Project deleted}", "event.dataset=bitbucket.audit;bitbucket.audit.type.action=Project deleted", "event.dataset=bitbucket.audit;bitbucket.audit.type.action=Project created")]
    [InlineData("{product: cisco, service: aaa}", "[clear logging]", "event.module=cisco_ios;message=clear logging", "event.module=junos;message=clear logging")]
    [InlineData("{product: cisco, service: duo}", "{event_type: authentication, reason: bypass_user}", "event.module=cisco_duo;cisco_duo.auth.event_type=authentication;event.reason=bypass_user", "event.module=cisco_ios;cisco_duo.auth.event_type=authentication;event.reason=bypass_user")]
    [InlineData("{product: fortigate, service: event}", "{action: Add, cfgpath: system.admin}", "kv.devname=fw;kv.logid=0100044547;kv.action=Add;kv.cfgpath=system.admin", "kv.action=Add;kv.cfgpath=system.admin")]
    [InlineData("{product: fortios, service: sslvpnd}", "[sslvpnd crash]", "event.module=fortinet;message=sslvpnd crash", "event.module=panw;message=sslvpnd crash")]
    [InlineData("{product: paloalto, category: file_event, service: globalprotect}", "{TargetFilename|contains: /var/appweb}", "observer.vendor=Palo Alto Networks;file.path=/var/appweb/x", "file.path=/var/appweb/x")]
    [InlineData("{product: juniper, service: bgp}", "[BGP_PEER]", "event.module=juniper_junos;message=BGP_PEER down", "event.module=huawei;message=BGP_PEER down")]
    [InlineData("{product: huawei, service: bgp}", "[BGP_AUTH]", "observer.vendor=Huawei;message=BGP_AUTH", "observer.vendor=Cisco;message=BGP_AUTH")]
    public void Match_EventOfTheProduct_MatchesAndAnotherDoesNot(string source, string selection, string matching, string other)
    {
        var set = RuleSet.Compile([Bench.Rule($"selection: {selection}; condition: selection", source)]);
        Assert.Null(set.Rules[0].BlindReason);
        Assert.True(Bench.Match(set, Bench.Event(matching)));
        Assert.False(Bench.Match(set, Bench.Event(other)));
    }

    [Theory]
    [InlineData("{product: acme}", "acme")]
    [InlineData("{category: process_creation}", "needs a product")]
    [InlineData("{product: windows, service: no-such-channel}", "no-such-channel")]
    [InlineData("{product: windows, category: process_creation, service: no-such-channel}", "no-such-channel")]
    [InlineData("{product: windows, category: file_access}", "file_access")]
    [InlineData("{product: windows, category: no_such_category}", "no_such_category")]
    [InlineData("{product: linux, service: nothing}", "nothing")]
    [InlineData("{product: aws, service: guardduty}", "guardduty")]
    [InlineData("{product: acme, category: webserver}", "acme")]
    public void Bind_LogSourceThatNothingFeeds_IsBlindWithItsName(string source, string word) =>
        Assert.Contains(word, Bench.Blind(SigmaPipelines.BuiltIn, Bench.Rule("selection: {process.name: a}; condition: selection", source)), StringComparison.Ordinal);

    [Fact]
    public void Bind_SameTests_ShareOneKey()
    {
        var one = SigmaPipelines.BuiltIn.Bind(Bench.Rule("s: {A: 1}; condition: s", "{product: windows, service: sysmon}")).Binding.Key;
        var two = SigmaPipelines.BuiltIn.Bind(Bench.Rule("s: {B: 1}; condition: s", "{product: windows, service: sysmon}")).Binding.Key;
        Assert.Equal(one, two);
        Assert.NotEqual(one, SigmaPipelines.BuiltIn.Bind(Bench.Rule("s: {A: 1}; condition: s", "{product: windows, service: system}")).Binding.Key);
    }
}
