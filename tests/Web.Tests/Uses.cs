using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Beacon.Web.Tests;

/// <summary>One type that uses another, or one of its members.</summary>
/// <param name="From">Outermost type: what a compiler makes of a lambda or an async method counts as its author's.</param>
/// <param name="Target">Full name of the type used; with "::Member" for a method.</param>
internal sealed record Use(string Assembly, string From, string Target);

/// <summary>Reads from an assembly which types use which: in signatures, fields, attributes and the code itself.</summary>
internal static class Uses
{
    public static IReadOnlyList<Use> Of(string file)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(file);
        var found = new HashSet<Use>();
        foreach (var type in assembly.MainModule.GetTypes())
        {
            var from = Outermost(type).FullName.Replace("__Blazor.", "", StringComparison.Ordinal);
            foreach (var target in Targets(type)) found.Add(new Use(assembly.Name.Name, from, target));
        }
        return [.. found];
    }

    private static IEnumerable<string> Targets(TypeDefinition type)
    {
        foreach (var name in Names(type.BaseType).Concat(type.Interfaces.SelectMany(i => Names(i.InterfaceType)))) yield return name;
        foreach (var name in type.CustomAttributes.Concat(type.Methods.SelectMany(m => m.CustomAttributes)).SelectMany(a => Names(a.AttributeType))) yield return name;
        foreach (var name in type.Fields.SelectMany(f => Names(f.FieldType))) yield return name;
        foreach (var method in type.Methods)
        {
            foreach (var name in Names(method.ReturnType).Concat(method.Parameters.SelectMany(p => Names(p.ParameterType)))) yield return name;
            if (!method.HasBody) continue;
            foreach (var name in method.Body.Variables.SelectMany(v => Names(v.VariableType)).Concat(method.Body.Instructions.SelectMany(Names))) yield return name;
        }
    }

    private static IEnumerable<string> Names(Instruction instruction) => instruction.Operand switch
    {
        MethodReference method => [.. Names(method.DeclaringType), $"{method.DeclaringType.GetElementType().FullName}::{method.Name}", .. method is GenericInstanceMethod g ? g.GenericArguments.SelectMany(Names) : [], .. Names(method.ReturnType)],
        FieldReference field => Names(field.DeclaringType),
        TypeReference type => Names(type),
        _ => [],
    };

    private static IEnumerable<string> Names(TypeReference? type)
    {
        if (type is null or GenericParameter) yield break;
        if (type is GenericInstanceType generic)
            foreach (var name in generic.GenericArguments.SelectMany(Names)) yield return name;
        yield return type.GetElementType().FullName;
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);
}
