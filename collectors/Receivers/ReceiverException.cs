using Beacon.Events;

namespace Beacon.Collectors.Receivers;

/// <summary>Why a receiver can't begin or go on, in our words.</summary>
internal sealed class ReceiverException(Phrase said) : IOException(said.ToString())
{
    public Phrase Said => said;
}
