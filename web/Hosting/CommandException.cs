namespace Beacon.Web.Hosting;

/// <summary>What the person at the command line must know; printed without a stack trace, exit code 1.</summary>
public sealed class CommandException(string message) : Exception(message);
