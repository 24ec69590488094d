using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms;
using Xunit;

namespace Engine.Tests;

/// <summary>The build bans symbols from kernels. A misspelt symbol, or a kernel in another folder, would escape it in silence.</summary>
public sealed class BannedSymbolsTests
{
    private const string Severity = "dotnet_diagnostic.RS0030.severity = error";

    private static readonly Assembly[] Assemblies =
        [typeof(MathF).Assembly, typeof(Unsafe).Assembly, typeof(Atomic).Assembly, typeof(XMath).Assembly];

    public static IEnumerable<TheoryDataRow<string>> Symbols =>
        SourceFiles.Lines("BannedSymbols.txt").Select(static line => new TheoryDataRow<string>(line.Split(';')[0]));

    [Theory]
    [MemberData(nameof(Symbols))]
    public void Symbol_Exists(string symbol)
    {
        string name = symbol[2..].Split('(')[0];
        bool exists = symbol.StartsWith("T:", StringComparison.Ordinal)
            ? Find(name) is not null
            : Find(name[..name.LastIndexOf('.')])!.GetMethods().Any(method => symbol == IdentifierOf(method));
        Assert.True(exists, symbol);
    }

    [Fact]
    public void Kernels_LieWhereTheBanHolds()
    {
        string[] settings = SourceFiles.Lines(".editorconfig");
        string section = settings.Take(Array.IndexOf(settings, Severity)).Last(static line => line.StartsWith('['));
        string[] folders = section.Split('{', '}')[1].Split(',');
        Assert.Equal("[{" + string.Join(',', folders) + "}/**.cs]", section);
        string[] kernels =
        [
            .. SourceFiles.HandWrittenCode().Where(static path => SourceFiles.Lines(path).Any(static line =>
                line.StartsWith("    public static readonly DeviceKernel<", StringComparison.Ordinal))),
        ];
        Assert.True(kernels.Length > 20);
        Offenders.AssertNone(kernels.Where(path => !folders.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal))));
    }

    private static Type? Find(string name) =>
        Assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(static type => type is not null);

    /// <summary>The method as XML documentation names it.</summary>
    private static string IdentifierOf(MethodInfo method)
    {
        string arity = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : string.Empty;
        IEnumerable<string> parameters = method.GetParameters().Select(static parameter => IdentifierOf(parameter.ParameterType));
        return $"M:{method.DeclaringType!.FullName}.{method.Name}{arity}({string.Join(',', parameters)})";
    }

    private static string IdentifierOf(Type type) => type.IsByRef ? IdentifierOf(type.GetElementType()!) + "@"
        : type.IsGenericMethodParameter ? $"``{type.GenericParameterPosition}"
        : type.FullName!;
}
