using System.Collections.Frozen;
using Beacon.Collectors.Parsers.Json;

namespace Beacon.Collectors.Parsers.Azure;

/// <summary>The kinds of Azure records by their category, or by the table of a Log Analytics workspace (Microsoft documentation, "Azure Monitor resource logs", "Entra activity log schemas").</summary>
internal static class AzureCategories
{
    public static readonly AzureKind Activity = new("activitylogs", "azure.activitylogs", "configuration", "change"), Audit = new("auditlogs", "azure.auditlogs", "iam", "change"),
        SignIn = new("signinlogs", "azure.signinlogs", "authentication", "start"), Risk = new("identityprotection", "azure.identity_protection", "iam", "info"), Platform = new("platformlogs", "azure.platformlogs", "configuration", "info");

    private static readonly FrozenDictionary<string, AzureKind> ByName = new (AzureKind Kind, string[] Names)[]
    {
        (Activity, ["Administrative", "Action", "Write", "Delete", "Security", "Alert", "Policy", "Autoscale", "ServiceHealth", "ResourceHealth", "Recommendation", "AzureActivity"]),
        (Audit, ["AuditLogs"]),
        (SignIn, ["SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs", "ADFSSignInLogs", "AADNonInteractiveUserSignInLogs", "AADServicePrincipalSignInLogs", "AADManagedIdentitySignInLogs"]),
        (Risk, ["UserRiskEvents", "RiskyUsers", "ServicePrincipalRiskEvents", "RiskyServicePrincipals", "AADUserRiskEvents", "AADRiskyUsers", "AADServicePrincipalRiskEvents", "AADRiskyServicePrincipals"]),
    }
    .SelectMany(static k => k.Names.Select(n => (n, k.Kind))).ToFrozenDictionary(static n => n.n, static n => n.Kind, StringComparer.OrdinalIgnoreCase);

    public static AzureKind Of(ReadOnlySpan<char> category) => ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(category, out var kind) ? kind : Platform;
}

/// <summary>One kind of record.</summary>
internal sealed class AzureKind(string root, string dataset, string category, string type)
{
    public string Category => category;
    public string Type => type;

    public ServiceRecord Record { get; } = new($"azure.{root}.", "azure", dataset, ["time", "TimeGenerated", "eventTimestamp", "properties.createdDateTime", "properties.activityDateTime", "properties.detectedDateTime", "properties.riskLastUpdatedDateTime", "CreatedDateTime"],
        [
            "operationName>event.action", "operationName.value>event.action", "OperationName>event.action", "OperationNameValue>event.action", "correlationId>event.id", "CorrelationId>event.id", "callerIpAddress>!source.ip", "properties.ipAddress>!source.ip",
            "properties.initiatedBy.user.ipAddress>!source.ip", "IPAddress>!source.ip", "CallerIpAddress>!source.ip", "properties.userPrincipalName>user.name", "properties.initiatedBy.user.userPrincipalName>user.name",
            "UserPrincipalName>user.name", "Caller>user.name", "caller>user.name", "claims.ipaddr>!source.ip", "httpRequest.clientIpAddress>!source.ip", "resourceProviderName.value>azure.resource.provider", "identity.claims.name>user.name", "properties.userId>user.id", "properties.initiatedBy.user.id>user.id", "UserId>user.id", "properties.userDisplayName>user.full_name",
            "properties.userAgent>user_agent.original", "UserAgent>user_agent.original", "resultDescription>event.reason", "ResultDescription>event.reason", "properties.resultReason>event.reason", "tenantId>cloud.account.id",
            "TenantId>cloud.account.id", "resourceId>azure.resource.id", "ResourceId>azure.resource.id", "_ResourceId>azure.resource.id", "location>cloud.region", "level>log.level", "Level>log.level",
        ],
        ["properties.targetResources", "TargetResources", "properties.networkLocationDetails", "properties.deviceDetail", "DeviceDetail", "properties.initiatedBy", "InitiatedBy"]);

}
