using System.Text;
using Beacon.Collectors;
using Beacon.Collectors.Parsers;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Web.Tests.Detections;

/// <summary>A raw record as the service writes it, through its parser, against a rule as rule writers write it.</summary>
public sealed class ServiceRecordTests
{
    private static readonly ParserCatalog Parsers = CollectorsModule.CreateParsers();

    [Theory]
    [InlineData("{product: aws, service: cloudtrail}", "{eventSource: iam.amazonaws.com, eventName: CreateUser, userIdentity.type: Root, requestParameters|contains: spare, sourceIPAddress|cidr: 203.0.113.0/24, errorCode: null}",
        """{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2026-02-28T23:59:01Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","sourceIPAddress":"203.0.113.40","requestParameters":{"userName":"spare"}}""")]
    [InlineData("{product: azure, service: activitylogs}", "{operationName|endswith: /WRITE, CategoryValue: Administrative, ResourceId|contains: VAULTS}",
        """{"time":"2026-02-28T08:00:00Z","resourceId":"/X/VAULTS/KV","operationName":"MICROSOFT.KEYVAULT/VAULTS/WRITE","category":"Administrative","resultType":"Success"}""")]
    [InlineData("{product: azure, service: auditlogs}", "{Category: RoleManagement, OperationName|contains|all: [Add, member to role], TargetResources|contains: 62e90394, LoggedByService: Core Directory, Status: Success, properties.message: Add member to role}",
        """{"time":"2026-02-28T09:00:00Z","tenantId":"t","operationName":"Add member to role","category":"AuditLogs","properties":{"category":"RoleManagement","loggedByService":"Core Directory","result":"success","activityDisplayName":"Add member to role","targetResources":[{"id":"62e90394-69f5"}]}}""")]
    [InlineData("{product: azure, service: signinlogs}", "{ResultType: 50126, ResultDescription|contains: password, AuthenticationRequirement: singleFactorAuthentication, DeviceDetail.isCompliant: 'false', Status: failure, userAgent|contains: axios}",
        """{"time":"2026-02-28T09:30:00Z","tenantId":"t","operationName":"Sign-in activity","category":"SignInLogs","resultType":50126,"resultDescription":"Invalid password","properties":{"userAgent":"axios/1","authenticationRequirement":"singleFactorAuthentication","deviceDetail":{"isCompliant":false}}}""")]
    [InlineData("{product: azure, service: riskdetection}", "{riskEventType: leakedCredentials}", """{"time":"2026-02-28T09:40:00Z","tenantId":"t","operationName":"User Risk Detection","category":"UserRiskEvents","properties":{"riskEventType":"leakedCredentials"}}""")]
    [InlineData("{product: gcp, service: gcp.audit}", "{gcp.audit.method_name: 'v*.Compute.Firewalls.Delete', data.protoPayload.authorizationInfo.permission: compute.firewalls.delete, data.protoPayload.resource.type: gce_firewall_rule, data.protoPayload.logName|endswith: activity}",
        """{"protoPayload":{"serviceName":"compute.googleapis.com","methodName":"v1.compute.firewalls.delete","authorizationInfo":[{"permission":"compute.firewalls.delete"}]},"resource":{"type":"gce_firewall_rule"},"timestamp":"2026-02-28T07:00:00Z","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity"}""")]
    [InlineData("{product: gcp, service: google_workspace.login}", "{protoPayload.serviceName: login.googleapis.com, protoPayload.metadata.event.eventName: 2sv_disable}",
        """{"protoPayload":{"serviceName":"login.googleapis.com","methodName":"google.login.LoginService.2svDisable","metadata":{"event":[{"eventName":"2sv_disable"}]}},"insertId":"i","timestamp":"2026-02-28T07:00:00Z"}""")]
    [InlineData("{product: okta, service: okta}", "{eventType: user.session.start, securityContext.isProxy: 'true', debugContext.debugData.requestUri|contains: admin, target.displayName: Okta Admin Console, outcome.result: FAILURE, actor.alternateId: ida@plant.example}",
        """{"actor":{"alternateId":"ida@plant.example"},"eventType":"user.session.start","published":"2026-02-28T06:00:00Z","outcome":{"result":"FAILURE"},"securityContext":{"isProxy":true},"debugContext":{"debugData":{"requestUri":"/admin"}},"target":[{"displayName":"Okta Admin Console"}],"uuid":"u"}""")]
    [InlineData("{product: m365, service: audit}", "{Operation: [New-InboxRule, Set-InboxRule], Parameters|contains: [DeleteMessage, MoveToFolder]}",
        """{"CreationTime":"2026-02-28T05:00:00","Operation":"New-InboxRule","Workload":"Exchange","RecordType":1,"Parameters":[{"Name":"MoveToFolder","Value":"RSS"}]}""")]
    [InlineData("{product: m365, service: audit}", "{Operation: UserLoggedIn, ApplicationId: a-1, ResultStatus: Success, RequestType: 'Cmsi:Cmsi'}",
        """{"CreationTime":"2026-02-28T05:00:00","Operation":"UserLoggedIn","Workload":"AzureActiveDirectory","RecordType":15,"ResultStatus":"Success","ApplicationId":"a-1","ExtendedProperties":[{"Name":"RequestType","Value":"Cmsi:Cmsi"}]}""")]
    [InlineData("{product: m365, service: threat_management}", "{eventSource: SecurityComplianceCenter, eventName: Impossible travel activity, status: success}",
        """{"CreationTime":"2026-02-28T05:00:00","Operation":"AlertTriggered","Workload":"SecurityComplianceCenter","RecordType":40,"ResultStatus":"Succeeded","Name":"Impossible travel activity"}""")]
    [InlineData("{product: github, service: audit}", "{action: [repo.archived, repo.unarchived]}", """{"@timestamp":1772236800123,"_document_id":"d","action":"repo.archived","actor":"ida"}""")]
    [InlineData("{product: kubernetes, category: application, service: audit}", "{verb: create, objectRef.resource: pods, hostPath: '*', objectRef.namespace: kube-system, responseStatus.code: [401, 403]}",
        """{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseComplete","verb":"create","objectRef":{"resource":"pods","namespace":"kube-system"},"responseStatus":{"code":403},"requestObject":{"spec":{"volumes":[{"hostPath":{"path":"/"}}]}}}""")]
    [InlineData("{product: opencanary, category: application}", "{logtype: 5005}", """{"dst_host":"10.0.0.9","logdata":{},"logtype":5005,"node_id":"decoy"}""")]
    [InlineData("{product: bitbucket, service: audit}", "{auditType.category: Projects, auditType.action: Project deleted}", """{"auditType":{"action":"Project deleted","category":"Projects"},"author":{"name":"ida"}}""")]
    [InlineData("{product: fortigate, service: event}", "{action: Add, cfgpath: system.admin}", "date=2026-02-28 time=10:00:00 devname=\"fw\" devid=\"F1\" logid=\"0100044547\" type=\"event\" action=\"Add\" cfgpath=\"system.admin\"")]
    public void RawRecord_RuleOfItsService_Matches(string source, string selection, string record)
    {
        var read = SigmaReader.Read("r.yml", $"title: T\nid: 0f0e0d0c-0b0a-4908-8706-050403020100\nlevel: low\nlogsource: {source}\ndetection:\n  selection: {selection}\n  condition: selection\n");
        Assert.False(read.HasErrors, string.Join('\n', read.Faults));
        var set = RuleSet.Compile(read.Rules);
        Assert.Null(set.Rules[0].BlindReason);
        var e = new SecurityEvent { Received = DateTimeOffset.UnixEpoch, Timestamp = DateTimeOffset.UnixEpoch };
        var result = Parsers.Parse(null, Encoding.UTF8.GetBytes(record), FrameInfo.At(DateTimeOffset.UnixEpoch), e, out var recognised);
        Assert.True(result.Succeeded && recognised, result.Error?.ToString());
        var matches = new List<CompiledRule>();
        set.Match(e, matches);
        Assert.True(matches.Count == 1, EcsJson.ToText(e));
    }

    [Fact]
    public void Recognise_NotificationOfAStore_IsNoCloudTrailRecord()
    {
        var e = new SecurityEvent();
        Parsers.Parse(null, """{"Records":[{"eventVersion":"2.1","eventSource": "aws:s3","eventName":"ObjectCreated:Put"}]}"""u8, FrameInfo.At(DateTimeOffset.UnixEpoch), e, out _);
        Assert.NotEqual("aws.cloudtrail", e.GetText(Field.EventDataset));
    }

    [Theory]
    [InlineData("""{"Records":[{"eventVersion":"1","eventSource":"a","eventName":"b"},{"eventVersion":"1","eventSource":"a","eventName":"c"}]}""", "file of 2 records")]
    [InlineData("""{"records":[{"category":"AuditLogs","operationName":"a","tenantId":"t"},{"category":"AuditLogs","operationName":"b","tenantId":"t"}]}""", "2 Azure records")]
    [InlineData("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[{"auditID":"a"},{"auditID":"b"}]}""", "list of 2 audit events")]
    public void RawRecord_SeveralInOneFrame_IsRefusedWithHowToCutIt(string frame, string words)
    {
        var result = Parsers.Parse(null, Encoding.UTF8.GetBytes(frame), FrameInfo.At(DateTimeOffset.UnixEpoch), new SecurityEvent(), out _);
        Assert.Contains(words, result.Error?.ToString(), StringComparison.Ordinal);
        Assert.Contains("jq -c", result.Error?.ToString(), StringComparison.Ordinal);
    }
}
