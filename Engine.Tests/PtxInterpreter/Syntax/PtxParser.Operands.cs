using System;
using System.Collections.Generic;
using System.Globalization;

namespace Engine.PtxInterpreter;

/// <summary>Operands and constants.</summary>
internal sealed partial class PtxParser
{
    private PtxOperand ParseOperand()
    {
        if (Accept("{"))
        {
            return new VectorOperand(ParseList("}"));
        }

        if (Accept("("))
        {
            return new ListOperand(ParseList(")"));
        }

        if (Accept("["))
        {
            return ParseAddress();
        }

        if (Accept("!"))
        {
            return new NameOperand(Next().Text, Negated: true);
        }

        if (Current.Is("-") || Current.Kind == TokenKind.Number)
        {
            return ParseNumber();
        }

        if (Current.Kind != TokenKind.Word)
        {
            throw Error($"unexpected '{Current.Text}'");
        }

        return new NameOperand(Next().Text, Negated: false);
    }

    private List<PtxOperand> ParseList(string end)
    {
        List<PtxOperand> items = [];
        while (!Accept(end))
        {
            items.Add(ParseOperand());
            if (!Accept(",") && !Current.Is(end))
            {
                throw Error($"expected ',' or '{end}'");
            }
        }

        return items;
    }

    private AddressOperand ParseAddress()
    {
        PtxOperand start = ParseOperand();
        long offset = 0;
        bool minus = Current.Is("-");
        if (Accept("+") || minus)
        {
            offset = (long)ParseInteger();
        }

        Expect("]");
        return new AddressOperand(start, offset);
    }

    private ulong ParseInteger() =>
        ParseNumber() is IntegerOperand integer ? integer.Bits : throw Error($"expected an integer before '{Current.Text}'");

    private PtxOperand ParseNumber()
    {
        bool minus = Accept("-");
        if (Current.Kind != TokenKind.Number)
        {
            throw Error($"expected a number before '{Current.Text}'");
        }

        string text = Next().Text;
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase))
        {
            uint bits = (uint)ParseHexadecimal(text[2..], digits: 8, minus);
            return new FloatOperand(BitConverter.UInt32BitsToSingle(bits), IsSingle: true, bits);
        }

        if (text.StartsWith("0d", StringComparison.OrdinalIgnoreCase))
        {
            ulong bits = ParseHexadecimal(text[2..], digits: 16, minus);
            return new FloatOperand(BitConverter.UInt64BitsToDouble(bits), IsSingle: false, bits);
        }

        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ParseInteger(text[2..], NumberStyles.HexNumber, minus);
        }

        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
        {
            if (!double.TryParse(text, CultureInfo.InvariantCulture, out double value))
            {
                throw Error($"'{text}' is not a number");
            }

            value = minus ? -value : value;
            return new FloatOperand(value, IsSingle: false, BitConverter.DoubleToUInt64Bits(value));
        }

        return ParseInteger(text, NumberStyles.None, minus);
    }

    private IntegerOperand ParseInteger(string text, NumberStyles style, bool minus) =>
        ulong.TryParse(text.TrimEnd('U', 'u'), style, CultureInfo.InvariantCulture, out ulong number)
            ? new IntegerOperand(minus ? 0 - number : number)
            : throw Error($"'{text}' is not an integer");

    // The bits of a floating constant; its sign is one of them.
    private ulong ParseHexadecimal(string text, int digits, bool minus) =>
        text.Length == digits && !minus
        && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits)
            ? bits
            : throw Error($"'{text}' must be {digits} hexadecimal digits without a sign");
}
