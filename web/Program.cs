using Beacon.Web.Commands;

return await CommandLine.Create().Parse(args).InvokeAsync();
