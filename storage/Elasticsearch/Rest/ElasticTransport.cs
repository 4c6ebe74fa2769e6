using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Beacon.Storage.Elasticsearch.Rest;

/// <summary>The HTTP client of the options: pinned certificates, credentials, connection limits.</summary>
internal static class ElasticTransport
{
    /// <exception cref="InvalidDataException">A file of the options can't be read; the message names its key.</exception>
    public static HttpClient Create(ElasticsearchOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = options.Compresses ? DecompressionMethods.GZip : DecompressionMethods.None,
        };
        if (options.CaFile.Length > 0) handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Pinned(options.CaFile) };
        // Each request has a limit of its own.
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        if (Authorization(options) is { } authorization) http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        return http;
    }

    private static string? Authorization(ElasticsearchOptions options)
    {
        var key = options.ApiKeyFile.Length > 0 ? FirstLine(options.ApiKeyFile, nameof(options.ApiKeyFile)) : options.ApiKey;
        if (key.Length > 0) return "ApiKey " + key;
        if (options.UserName.Length == 0) return null;
        var password = options.PasswordFile.Length > 0 ? FirstLine(options.PasswordFile, nameof(options.PasswordFile)) : options.Password;
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.UserName}:{password}"));
    }

    private static X509ChainPolicy Pinned(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unreadable(file, nameof(ElasticsearchOptions.CaFile), fault);
        }
        return policy.CustomTrustStore.Count > 0 ? policy : throw Unreadable(file, nameof(ElasticsearchOptions.CaFile), new InvalidDataException("there is no certificate in it."));
    }

    private static string FirstLine(string file, string key)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim() is { Length: > 0 } line ? line : throw new IOException("its first line is empty.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, key, fault);
        }
    }

    private static InvalidDataException Unreadable(string file, string key, Exception fault) =>
        new($"{ElasticsearchOptions.Section}:{key}: {file} can't be used:", fault);
}
