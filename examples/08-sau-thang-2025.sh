#!/usr/bin/env bash
# Báo cáo 6 tháng của một tỉnh: sáu đơn vị được giao chỉ tiêu năm, báo cáo số liệu 6 tháng đầu năm 2025; một đơn vị còn
# thiếu một nội dung. In bảng, xếp hạng, đoạn văn. Tên và số liệu đặt ra để làm mẫu; hình trong docs/gallery.md chụp từ sổ này.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/sau-thang-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Ví Dụ"

ucli init --office "$tinh"
# Ghi một lượt: mọi dòng, hoặc không dòng nào
{
  cat <<'HET'
add-unit "LĐLĐ thành phố Mẫu" --kind district --code TPM
add-unit "LĐLĐ huyện Bình Mẫu" --kind district --code BM
add-unit "LĐLĐ huyện Minh Họa" --kind district --code MH
add-unit "LĐLĐ huyện Tân Mẫu" --kind district --code TM
add-unit "Công đoàn các khu công nghiệp" --kind zone --code KCN
add-unit "Công đoàn ngành Y tế" --kind sector --code YT
HET
  # Chỉ tiêu năm 2025 và kết quả 6 tháng: đơn vị; CĐCS thành lập; đoàn viên kết nạp; đoàn viên ưu tú giới thiệu cho
  # Đảng; tiền thăm hỏi, tặng quà; tin, bài. Mỗi ô: chỉ tiêu/kết quả, "-" là chưa báo cáo.
  while read -r don_vi cdcs doan_vien uu_tu tien tin_bai; do
    for o in "unions-founded $cdcs" "members-admitted $doan_vien" "party-introduced $uu_tu" "welfare-amount $tien" \
      "news-items $tin_bai"; do
      read -r noi_dung so <<<"$o"
      echo "set-target $noi_dung ${so%/*} --unit $don_vi --period 2025"
      [[ ${so#*/} == - ]] || echo "add-figure $noi_dung ${so#*/} --unit $don_vi --period 2025-H1 --source \"BC 6 tháng\""
    done
  done <<'HET'
TPM 18/11 2.600/1.742 120/74 4800tr/2970tr 240/163
BM  8/3   900/380     45/24  1500tr/610tr  120/58
MH  10/6  1.200/655   60/33  1900tr/1105tr 120/66
TM  6/2   650/297     40/18  1200tr/540tr  120/-
KCN 12/14 4.200/2.968 60/41  6500tr/4725tr 160/97
YT  2/1   250/140     55/38  900tr/505tr   90/52
HET
  cat <<HET
set-target unions-founded 56 --unit "$tinh" --period 2025
set-target members-admitted 9.800 --unit "$tinh" --period 2025
set-target party-introduced 380 --unit "$tinh" --period 2025
set-target welfare-amount "16,8 tỷ" --unit "$tinh" --period 2025
set-target news-items 850 --unit "$tinh" --period 2025
HET
} | ucli batch --atomic 2>&1 > /dev/null | tail -n 3 >&2 # bảy mươi lệnh: chỉ xem các dòng cuối

bao_cao=(2025-H1 --against 2025 --indicator unions-founded --indicator members-admitted --indicator party-introduced
  --indicator welfare-amount --indicator news-items)
ucli report "${bao_cao[@]}"
echo
ucli rank 2025 --as-of 30/6/2025 --by unit
echo
ucli report "${bao_cao[@]}" -f prose
