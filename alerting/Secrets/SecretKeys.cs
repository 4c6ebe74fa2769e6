using System.Security.Cryptography;
using System.Text;

namespace Beacon.Alerting.Secrets;

/// <summary>
/// The keys of the vault: a line each, "id base64", the first one in use. Values are sealed with AES-256-GCM (NIST SP 800-38D): nonce of 12
/// bytes, tag of 16, text, in base64; name and version are authenticated with them, so that no sealed value can stand in another's place.
/// </summary>
internal sealed class SecretKeys(string path)
{
    private const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16, MaxKeys = 16;

    /// <summary>The keys in the file, newest first; empty where there is no file.</summary>
    /// <exception cref="SecretException">The file can't be read, is open to others, or is no key file.</exception>
    public IReadOnlyList<SecretKey> Read()
    {
        try
        {
            if (!File.Exists(path)) return [];
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
                throw new SecretException($"{path} can be read by others than its owner: chmod 600 it, and put every secret in anew where somebody may have read it");
            var keys = new List<SecretKey>();
            foreach (var line in File.ReadLines(path).Take(MaxKeys + 1))
            {
                var key = new byte[KeyBytes];
                if (line.Split(' ') is not [var id, var text] || !Convert.TryFromBase64String(text, key, out var n) || n != KeyBytes || id != IdOf(key))
                    throw new SecretException($"{path} is no key file: line {keys.Count + 1} is not an id and a key of {KeyBytes} bytes in base64");
                keys.Add(new SecretKey(id, key));
            }
            return keys;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SecretException($"{path} can't be read: {fault.Message}");
        }
    }

    /// <summary>The key in use, made where there is none yet.</summary>
    public SecretKey Current() => Read() is [var first, ..] ? first : Add();

    /// <summary>Makes a key and puts it first; the others stay.</summary>
    public SecretKey Add()
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var made = new SecretKey(IdOf(key), key);
        var others = Read();
        if (others.Count >= MaxKeys) throw new SecretException($"{path} holds {MaxKeys} keys, the ceiling");
        Write([made, .. others]);
        return made;
    }

    /// <summary>Removes the keys that no secret was sealed with; the first one stays.</summary>
    public void KeepUsed(IReadOnlySet<string> used) => Write([.. Read().Where((k, i) => i == 0 || used.Contains(k.Id))]);

    public static string Seal(SecretKey key, string name, int version, string value)
    {
        var text = Encoding.UTF8.GetBytes(value);
        var all = new byte[NonceBytes + TagBytes + text.Length];
        RandomNumberGenerator.Fill(all.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Encrypt(all.AsSpan(0, NonceBytes), text, all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes), Bound(name, version));
        CryptographicOperations.ZeroMemory(text);
        return Convert.ToBase64String(all);
    }

    /// <exception cref="SecretException">It was not sealed with this key for this name and version.</exception>
    public static string Unseal(SecretKey key, string name, int version, string sealedText)
    {
        try
        {
            var all = Convert.FromBase64String(sealedText);
            if (all.Length >= NonceBytes + TagBytes)
            {
                var text = new byte[all.Length - NonceBytes - TagBytes];
                using var aes = new AesGcm(key.Bytes, TagBytes);
                aes.Decrypt(all.AsSpan(0, NonceBytes), all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes), text, Bound(name, version));
                return Encoding.UTF8.GetString(text);
            }
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            // Said below, without what was found.
        }
        throw new SecretException($"the secret '{name}' was changed outside of Beacon: put it in anew");
    }

    private static byte[] Bound(string name, int version) => Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"beacon secret\n{name}\n{version}"));

    private static string IdOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4));

    /// <summary>The new file stands whole beside the old one before it takes its name.</summary>
    private void Write(IReadOnlyList<SecretKey> keys)
    {
        var beside = path + ".new";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.WriteThrough };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.Delete(beside);
            using (var file = new FileStream(beside, options))
            {
                foreach (var key in keys) file.Write(Encoding.ASCII.GetBytes($"{key.Id} {Convert.ToBase64String(key.Bytes)}\n"));
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SecretException($"{path} can't be written: {fault.Message}");
        }
    }
}

/// <param name="Id">First 8 hex digits of the key's SHA-256.</param>
internal sealed record SecretKey(string Id, byte[] Bytes)
{
    public override string ToString() => Id;
}
