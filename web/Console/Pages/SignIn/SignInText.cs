namespace Beacon.Web.Console.Pages.SignIn;

/// <summary>Names the resource files of sign-in and set-up.</summary>
public sealed class SignInText;
