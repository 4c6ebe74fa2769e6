using Beacon.EndToEnd.Tests.Support;

// Every class starts a whole Beacon, and two cores have to be enough.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Browser))]
